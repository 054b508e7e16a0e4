/** When a fault can strike. */
export interface Moment {
  /** 1 is the first connection since the start. */
  readonly connection: number;
  /** 0: while the version is awaited; 1: the first block of the connection; and so on. */
  readonly block: number;
}

/** Asked once for each awaited frame; undefined: no fault. */
export type FaultPlan = (moment: Moment) => Fault | undefined;

/** What goes wrong. `applied`: the block's commands are carried out first. */
export type Fault =
  | {
      /** The connection ends: `close` in good order, `reset` abruptly. */
      readonly does: 'close' | 'reset';
      /** As soon as that many bytes of the frame, header included, have come; absent: when all of it has. */
      readonly afterBytes?: number;
      readonly applied?: boolean;
    }
  /** No answer, ever. */
  | { readonly does: 'silence'; readonly applied?: boolean }
  /** A message of type 4, then the end. */
  | { readonly does: 'error'; readonly text: string }
  /** The answer as usual; but when the client ends the connection instead, a message of type 4 before its end. */
  | { readonly does: 'late'; readonly text: string }
  /** Bytes that need not be frames, then nothing more. */
  | { readonly does: 'raw'; readonly bytes: Buffer }
  /** An answer of another text or in other pieces than usual. */
  | {
      readonly does: 'answer';
      /** Instead of the usual text. Blocks only. */
      readonly text?: string;
      readonly pieces?: 'byte by byte' | 'split header' | 'twice in one record';
      /** Only so many bytes of it, and then: */
      readonly upTo?: { readonly bytes: number; readonly then: 'close' | 'reset' | 'silence' };
    };
