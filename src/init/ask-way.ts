/** What lies on the way to Qualys: a proxy, the gateway of tokens, an authority that is to be trusted. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { KEYS } from '../config/keys.ts';
import { hostOf, type ProxyAnswer } from './account.ts';
import { AS_BEFORE, LATER, NONE } from './answer-words.ts';
import { askSecret } from './ask-secret.ts';
import type { Questions } from './questions.ts';

/** @param before what the YAML says already, which may have a login in it and is not shown */
export async function askProxy(
  questions: Questions,
  before: string | undefined,
): Promise<ProxyAnswer | undefined> {
  const url = await questions.text({
    question: 'Proxy',
    help: 'http://host:port or https://host:port. Without one in the YAML the variable HTTPS_PROXY counts. Its user and password are asked for next.',
    initial: before === undefined ? NONE : AS_BEFORE,
    wrong: wrongProxy,
  });
  if (url === AS_BEFORE && before !== undefined) return undefined;
  const user = url === NONE ? NONE : await askProxyUser(questions);
  if (user === NONE) {
    return {
      url: url === NONE ? undefined : url,
      user: undefined,
      password: { source: { kind: 'none' }, secret: undefined },
    };
  }
  const password = await askSecret(questions, {
    question: 'Its password',
    what: 'the password for the proxy',
    kept: 'is kept in the YAML',
    key: KEYS.proxyPasswordCommand.name,
    initial: LATER,
  });
  return { url, user, password };
}

function askProxyUser(questions: Questions): Promise<string> {
  return questions.text({
    question: 'User name for the proxy',
    help: `"${NONE}": the proxy asks for no login.`,
    initial: NONE,
    wrong: (typed) =>
      KEYS.proxyUser.read(typed) === undefined
        ? 'There is a colon in it, which no user name has.'
        : undefined,
  });
}

function wrongProxy(answer: string): string | undefined {
  if (answer === NONE || answer === AS_BEFORE) return undefined;
  if (answer.includes('@')) return 'Type it without user and password, which are asked for next.';
  return KEYS.proxy.read(answer) === undefined
    ? 'Type it as http://host:port or https://host:port.'
    : undefined;
}

export async function askGateway(
  questions: Questions,
  before: string | undefined,
): Promise<string | undefined> {
  const gateway = await questions.text({
    question: 'Gateway',
    help: 'Where an OAuth client gets its token: of a private platform mostly qualysgateway.<base>. Without one in the YAML it is the one of the platform.',
    initial: before === undefined ? NONE : hostOf(before),
    wrong: (answer) =>
      answer === NONE || KEYS.gateway.read(answer) !== undefined
        ? undefined
        : `Type ${KEYS.gateway.allowed}.`,
  });
  return gateway === NONE ? undefined : gateway;
}

export async function askAuthority(questions: Questions): Promise<string | undefined> {
  const file = await questions.text({
    question: 'PEM file of the authority',
    help: 'A proxy or firewall that opens TLS signs with an authority of your own: ask whoever runs it for its certificate as a PEM file. It becomes qualys_ca.',
    initial: NONE,
    wrong: (answer) => (answer === NONE || existsSync(answer) ? undefined : `${answer} does not exist.`),
  });
  return file === NONE ? undefined : resolve(file);
}
