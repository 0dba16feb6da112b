/** The source is not what journaled parts were made of: nothing more may be sent under this file key. */
export class SourceChanged extends Error {}
