/**
 * What Qualys' headers tell of the account's limits, e.g. `299 calls left of 300 in 1 h`.
 * @param header a header by its lower-case name, fit to be shown
 */
export function quotaWords(header: (name: string) => string | undefined): string {
  const left = header('x-ratelimit-remaining');
  const hours = Number(header('x-ratelimit-window-sec') ?? '0') / 3600;
  if (left === undefined) return 'allowed; Qualys tells no limit';
  return `${left} calls left of ${header('x-ratelimit-limit') ?? '?'} in ${hours} h`;
}
