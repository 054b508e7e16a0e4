/** Answers that are no texts, but say what is to be. */

/** It is filled in after the interview. */
export const LATER = 'later';
/** What there is stays; for what is not shown. */
export const AS_BEFORE = 'as before';
export const NONE = 'none';
