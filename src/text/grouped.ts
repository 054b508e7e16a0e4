/** A number as people read it in the log: `1,048,576`. */
export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
