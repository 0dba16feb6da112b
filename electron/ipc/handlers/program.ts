import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import type { programContract } from '../../../shared/contract/program.ts'
import { fail, failureOf } from '../../../shared/failure.ts'
import type { Handlers } from '../dispatcher.ts'
import { diagnose } from './diagnose.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const programHandlers = (deps: HandlerDeps): Handlers<typeof programContract> => {
  const { catalog, secrets, runner, host } = deps
  return {
    'program:status': async () => {
      const [installation, counts, milestones, settings, sample] = await Promise.all([
        catalog.installation(),
        catalog.counts(),
        catalog.milestones(),
        catalog.getSettings(),
        stat(deps.samplePath).catch(() => null),
      ])
      const window = host()
      return {
        version: deps.programVersion,
        host: window?.kind ?? 'headless',
        platform: process.platform,
        locale: window?.locale() ?? Intl.DateTimeFormat().resolvedOptions().locale,
        dataFolder: deps.dataFolder,
        installationId: installation.installationId,
        dataFolderIs: deps.machine.isMine() ? 'mine' : 'unknown-machine',
        nativeDialogs: window?.nativeDialogs ?? false,
        keychain: await secrets.status(),
        counts,
        checklist: { ...milestones, dismissed: settings.checklistDismissed },
        sample: sample === null ? null : { name: basename(deps.samplePath), sizeBytes: sample.size },
        settings,
      }
    },
    'program:set': (settings, context) => catalog.setSettings({ settings, by: actorOf(context) }),
    'program:diagnose': () => diagnose(deps),
    'program:claim-data-folder': async ({ as }, context) => {
      await deps.machine.claim(as, actorOf(context))
      return {}
    },
    'program:copy-text': async ({ text }) => {
      const window = host() ?? fail({ code: 'host/unsupported', action: 'The clipboard' })
      await window.copyText(text)
      return {}
    },
    'program:quit': async ({ evenWithJobs }) => {
      const openJobs = runner.openJobs()
      if (openJobs === 0 || evenWithJobs) await deps.quit()
      return { openJobs }
    },
    'keychain:test': async () => {
      try {
        return await secrets.selfTest()
      } catch (error) {
        if (failureOf(error) === null) throw error
        return secrets.status()
      }
    },
    'keychain:accept-new': async (_, context) => {
      const missing = await secrets.ready().then(
        () => null,
        (error: unknown) => failureOf(error) ?? Promise.reject(error),
      )
      if (missing === null) return secrets.status()
      if (missing.code !== 'keychain/no-canary') return fail(missing)
      await catalog.keysLeftBehind()
      await secrets.acceptNew()
      await catalog.recordEvent({
        event: 'keychain-accepted',
        on: await secrets.backend(),
        artifactId: null,
        keyId: null,
        jobId: null,
        facts: {},
        by: actorOf(context),
      })
      return secrets.status()
    },
    'catalog:rebuild': async ({ becomeOwner }, context) => {
      const start = { by: actorOf(context), output: null }
      return { jobId: await runner.start('rebuild', { becomeOwner }, start) }
    },
  }
}
