import type { Owner } from './temporary-directory.ts';

/** Gives environment variables these values (none: undefined) until the owner ends. */
export function withEnvironment(owner: Owner, values: Readonly<Record<string, string | undefined>>): void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  set(values);
  owner.after(() => {
    set(before);
  });
}

function set(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
