/** A program and its arguments, each as it is: no shell looks at them. */
export type Words = readonly [program: string, ...words: string[]];

/**
 * The words of a command, of which the first is a program's absolute path, or its name in PATH.
 * @returns undefined where it is neither, or where a word cannot be handed on
 */
export function asWords([program = '', ...others]: readonly string[]): Words | undefined {
  if (!/^\/|^[^/\s]+$/.test(program)) return undefined;
  return [program, ...others].some((word) => word.includes('\0')) ? undefined : [program, ...others];
}
