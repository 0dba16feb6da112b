import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { formatCounted } from '../../../shared/format.ts'

type CancelRotationsDialogProps = { left: number; onClose: () => void; onCancel: () => void }

/** Asks before the rest of a rotation is given up. */
export function CancelRotationsDialog({ left, onClose, onCancel }: CancelRotationsDialogProps) {
  const rotations = formatCounted(left, 'rotation')
  return (
    <Dialog
      title={`Cancel ${rotations}?`}
      onClose={onClose}
      onSubmit={onCancel}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Keep rotating
          </Button>
          <Button kind="primary" type="submit" data-autofocus>
            Cancel {rotations}
          </Button>
        </>
      }
    >
      <p>
        What is rotated stays rotated. {left === 1 ? 'The artifact that is' : 'The artifacts that are'} left{' '}
        {left === 1 ? 'keeps its old key' : 'keep their old keys'}, and {left === 1 ? 'opens' : 'open'} with{' '}
        {left === 1 ? 'it' : 'them'} as before.
      </p>
    </Dialog>
  )
}
