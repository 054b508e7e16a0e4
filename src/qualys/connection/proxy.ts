import type { QualysConfig } from '../../config/read-qualys-config.ts';
import { ProxyUrlInvalidError } from './errors.ts';
import { type Peer, peerOf } from './peer.ts';
import type { Login } from './veil.ts';

/** The proxy to use, its credentials apart from its URL. */
export interface ProxySetting {
  /** URL without user and password. */
  readonly url: string;
  readonly peer: Peer;
  /** Value of Proxy-Authorization, where there are credentials. */
  readonly authorization: string | undefined;
  /** What the authorization is made of, so that it can be hidden. */
  readonly logins: readonly Login[];
  /** Hosts that are reached without it, as NO_PROXY lists them. */
  readonly except: string;
}

/** The environment variables that name a proxy, in the order in which they count. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY'] as const;

/**
 * The proxy of the configuration, else that of the environment, else none. NO_PROXY holds for the environment's
 * only: who writes a proxy into the YAML means it.
 * @throws ProxyUrlInvalidError
 */
export function findProxy(config: QualysConfig, env: NodeJS.ProcessEnv): ProxySetting | undefined {
  if (config.proxy !== undefined && config.proxy !== '') {
    return readProxy(config.proxy, 'proxy', { config, env }, '');
  }
  const variable = VARIABLES.find((name) => (env[name] ?? '') !== '');
  if (variable === undefined) return undefined;
  return readProxy(env[variable] ?? '', variable, { config, env }, env.no_proxy ?? env.NO_PROXY ?? '');
}

/** User and password are those of the configuration, else of the URL, else of the variables of the original's Net::SSL. */
function readProxy(
  text: string,
  source: string,
  { config, env }: { readonly config: QualysConfig; readonly env: NodeJS.ProcessEnv },
  except: string,
): ProxySetting {
  const written = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(written)) throw new ProxyUrlInvalidError(source);
  const url = new URL(written);
  if (!/^https?:$/.test(url.protocol)) throw new ProxyUrlInvalidError(source);
  const user = config.proxyUser ?? (decoded(url.username, source) || (env.HTTPS_PROXY_USERNAME ?? ''));
  const password =
    config.proxyPassword?.reveal() ?? (decoded(url.password, source) || (env.HTTPS_PROXY_PASSWORD ?? ''));
  const peer = peerOf(url, 'proxy');
  const name = `${url.hostname}:${peer.port}`;
  return {
    url: `${url.protocol}//${name}`,
    peer: { ...peer, name },
    authorization:
      user === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`,
    logins: user === '' ? [] : [{ user, password }],
    except,
  };
}

function decoded(part: string, source: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ProxyUrlInvalidError(source);
  }
}
