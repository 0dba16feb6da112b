import { Fragment } from 'react'
import type { ReactNode } from 'react'
import type { Certificate, CertificateStatement, ErasedObject } from '../../../shared/domain/certificate.ts'
import { formatExactBytes, groupsOfFour } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { shellCommand } from '../../../shared/shell-quote.ts'
import { Paper } from '../../components/paper-page.tsx'
import classes from './certificate.module.css'

const objectWords: Record<ErasedObject['outcome'], string> = {
  kept: 'not deleted',
  deleted: 'deleted',
  'deleted-with-object-versions': 'deleted, with its object versions',
  absent: 'was not there',
  'not-deleted': 'could not be deleted',
}

const time = (iso: string): string => iso.slice(11, 19)
/** Paper has one locale. */
const bytes = (sizeBytes: number): string => formatExactBytes(sizeBytes, 'en')
const day = (iso: string): string => iso.slice(0, 10)

const openssl = ['openssl', 'pkeyutl', '-verify', '-rawin', '-pubin'] as const

/** White paper in both themes, as it is printed. The signed statement is the JSON file; this shows it. */
export function CertificateSheet({ certificate }: { certificate: Certificate }) {
  const { statement, fileNames } = certificate
  const { artifact, checked, notProved, by } = statement
  return (
    <Paper className={classes.sheet} label="Certificate of cryptographic erase">
      <div className={classes.top}>
        <span className={classes.brand}>
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden>
            <path
              d="M10 1.5 17.4 5.75v8.5L10 18.5l-7.4-4.25v-8.5Z"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.6"
              strokeLinejoin="round"
            />
            <path d="M7 8.6v3.6M10 7v6.4M13 8.6v3.6" stroke="currentColor" strokeWidth="1.6" />
          </svg>
          Weightlock
        </span>
        <code>certificate {statement.certificateId}</code>
      </div>
      <h1>Certificate of cryptographic erase</h1>
      <p className={classes.claim}>{safeText(statement.claim)}</p>
      <Facts statement={statement} />
      <h2>Copies checked</h2>
      <table>
        <colgroup>
          <col style={{ width: '27%' }} />
          <col style={{ width: '24%' }} />
          <col />
          <col style={{ width: '16%' }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col">What was done</th>
            <th scope="col">What reading back showed</th>
            <th scope="col">{day(statement.issuedAt)}, UTC</th>
          </tr>
        </thead>
        <tbody>
          {checked.map((each) => (
            <tr key={`${each.place} ${each.detail}`}>
              <td>
                <b>{safeText(each.place)}</b>
              </td>
              <td>{safeText(each.done)}</td>
              <td>{safeText(each.readBack)}</td>
              <td title={each.at}>{time(each.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Not proved</h2>
      <table>
        <colgroup>
          <col style={{ width: '27%' }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">What may still open it</th>
            <th scope="col">Why it is not proved</th>
          </tr>
        </thead>
        <tbody>
          {notProved.map((each) => (
            <tr key={`${each.what} ${each.detail}`}>
              <td>
                <b>{safeText(each.what)}</b>
              </td>
              <td>
                {each.detail === '' ? null : (
                  <>
                    <code>{safeText(each.detail)}</code>{' '}
                  </>
                )}
                {safeText(each.why)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>Signature</h2>
      <dl className={classes.facts} data-ruled>
        <Fact name="Ed25519">
          <code className={classes.signature}>{certificate.signature}</code>
        </Fact>
        <Fact name="Public key, SHA-256">
          <code>{groupsOfFour(certificate.publicKeySha256)}</code>
        </Fact>
        <Fact name="To verify">
          <code className={classes.command}>
            {shellCommand([...openssl, '-inkey', fileNames.publicKey], 'posix')} {'\\\n  '}
            {shellCommand(['-in', fileNames.statement, '-sigfile', fileNames.signature], 'posix')}
          </code>
          <span className={classes.quiet}>
            Obtain the public key another way too. Whoever holds its private half could sign anything.
          </span>
        </Fact>
      </dl>
      <footer>
        <span>
          {safeText(artifact.name)}, {day(statement.issuedAt)}
        </span>
        <span>The signed statement is the JSON file; this page shows it.</span>
        <span>
          {safeText(by.tool)} {safeText(by.toolVersion)}
        </span>
      </footer>
    </Paper>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function Facts({ statement }: { statement: CertificateStatement }) {
  const { artifact, versions, keys, encryption, by } = statement
  return (
    <dl className={classes.facts} data-ruled>
      <Fact name="Artifact">
        {safeText(artifact.name)} <code className={classes.quiet}>{artifact.artifactId}</code>
      </Fact>
      {versions.map((each) => (
        <Fragment key={each.version}>
          <Fact name={`Version ${each.version}`}>
            {each.objects.length === 0 ? (
              <span>no ciphertext of it was known, {bytes(each.ciphertextBytes)} once</span>
            ) : (
              each.objects.map(({ location, outcome }) => (
                <span key={location}>
                  {safeText(location)}, {bytes(each.ciphertextBytes)}, {objectWords[outcome]}
                </span>
              ))
            )}
          </Fact>
          <Fact name={each.digest === null ? 'Digest' : each.digest.algorithm.toUpperCase()}>
            {each.digest === null ? 'none was recorded' : <code>{groupsOfFour(each.digest.hex)}</code>}
          </Fact>
        </Fragment>
      ))}
      <Fact name="Encryption">
        {encryption.format}: {encryption.payload}, file keys wrapped with {encryption.keyWrapping.join(', ')}
      </Fact>
      {keys.map((key) => (
        <Fact key={key.keyId} name={`${capital(safeText(key.name))}, SHA-256`}>
          <code>{groupsOfFour(key.recipientSha256)}</code>
        </Fact>
      ))}
      <Fact name="By, where, with">
        {safeText(by.who)} on {safeText(by.machine)} ({safeText(by.system)}), Weightlock{' '}
        {safeText(by.toolVersion)}
      </Fact>
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
