/** A whole number as people read it in the log: `1,048,576`. By hand: the data of `toLocaleString` take 5 MB. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
