/** What is imported: a report template, or hosts by the account's own asset groups and tags. */
import { isDeepStrictEqual } from 'node:util';
import { KEYS } from '../config/keys.ts';
import type { QualysConfig } from '../config/read-qualys-config.ts';
import { ConnectorError } from '../connector-error.ts';
import type { QualysAccount } from '../qualys/access.ts';
import type { AssetChoice } from '../qualys/answers/asset-lists.ts';
import type { AccountLists } from '../qualys/list-account.ts';
import { SILENT } from './account.ts';
import { LATER } from './answer-words.ts';
import type { Questions } from './questions.ts';
import type { YamlValues } from './yaml.ts';

/** Of a list, that many are shown. */
const MOST_SHOWN = 40;

/**
 * @param account undefined where nobody is logged in
 * @param config what the YAML says already, which is proposed
 */
export async function askSource(
  questions: Questions,
  account: QualysAccount | undefined,
  config?: QualysConfig,
): Promise<YamlValues> {
  const source = await questions.choice({
    question: 'Hosts and findings come from',
    help: 'A report template of Qualys chooses hosts and findings itself, and Qualys generates its report every night. The detections need no template: you choose asset groups or tags here; the account needs the KnowledgeBase API.',
    choices: ['a report template', "Qualys' detections, without a template"],
    initial: config?.source === 'detection' ? 2 : 1,
  });
  return source === 1
    ? { source: 'report', ...(await askTemplate(questions, account, config?.templateId)) }
    : { source: 'detection', ...(await askScope(questions, account, config)) };
}

async function askTemplate(
  questions: Questions,
  account: QualysAccount | undefined,
  before: string | undefined,
): Promise<YamlValues> {
  const list = await listed(questions, account, 'templates');
  const templates = (list ?? []).filter(({ suitable }) => suitable);
  templates.slice(0, MOST_SHOWN).forEach(({ id, title }) => {
    questions.say(`  ${id}  ${title}`);
  });
  if (list && templates.length === 0) {
    questions.say('No template of the type Auto/Scan was listed: make one in Qualys (Reports > Templates).');
  }
  const known = new Set(templates.map(({ id }) => id));
  const id = await questions.text({
    question: 'Id of the template',
    help: `The number in front of its title; in Qualys: Reports > Templates, Info. "${LATER}" leaves it open.`,
    initial: before ?? templates[0]?.id ?? LATER,
    wrong: (answer) => (answer === before ? undefined : wrongTemplate(answer, known)),
  });
  if (known.size > 0 && id === before && !known.has(id)) {
    questions.say(`It stays, though the account lists no template ${id} of the type Auto/Scan.`);
  }
  return id === LATER ? {} : { templateId: id };
}

function wrongTemplate(answer: string, known: ReadonlySet<string>): string | undefined {
  if (answer === LATER) return undefined;
  if (KEYS.templateId.read(answer) === undefined) return 'Type the number of one template.';
  return known.size === 0 || known.has(answer)
    ? undefined
    : 'The account has no such template of the type Auto/Scan.';
}

const SCOPES = ['all', 'assetGroups', 'tags', 'ips'] as const;
const NO_SCOPE = { ips: '', assetGroups: '', tags: '', excludeTags: '' } as const;

async function askScope(
  questions: Questions,
  account: QualysAccount | undefined,
  config: QualysConfig | undefined,
): Promise<YamlValues> {
  const before = Math.max(
    0,
    SCOPES.findIndex((scope) => scope !== 'all' && config?.[scope] !== undefined),
  );
  const by = await questions.choice({
    question: 'Which hosts',
    help: 'All hosts that the account sees, or those of some asset groups, with some tags, or at some addresses.',
    choices: ['all', 'those of asset groups', 'those with tags', 'those at addresses'],
    initial: before + 1,
  });
  const scope = SCOPES[by - 1] ?? 'all';
  // What was chosen by another way would choose still.
  const others = scope === SCOPES[before] ? {} : NO_SCOPE;
  if (scope === 'all') return others;
  const answer =
    scope === 'ips'
      ? await askAddresses(questions, config?.ips)
      : await askNames(questions, account, scope, config?.[scope]);
  return answer === LATER ? others : { ...others, [scope]: answer };
}

function askAddresses(questions: Questions, before: readonly string[] | undefined): Promise<string> {
  return questions.text({
    question: 'Addresses',
    help: `${KEYS.ips.allowed}.`,
    initial: before?.join(',') ?? LATER,
    wrong: (answer) =>
      answer === LATER || KEYS.ips.read(answer) !== undefined ? undefined : `Allowed is ${KEYS.ips.allowed}.`,
  });
}

const LISTS = { assetGroups: 'groups', tags: 'tags' } as const;

/** Asset groups are written by their numbers, tags by their names. */
async function askNames(
  questions: Questions,
  account: QualysAccount | undefined,
  scope: keyof typeof LISTS,
  before: readonly string[] | undefined,
): Promise<string> {
  const isGroups = scope === 'assetGroups';
  const list = (await listed(questions, account, LISTS[scope])) ?? [];
  const all = isGroups ? list : namedTags(questions, list);
  const isBefore = ({ id, name }: AssetChoice): boolean =>
    before?.includes(name) === true || (isGroups && before?.includes(id) === true);
  const stillThere = before === undefined || all.filter(isBefore).length === before.length;
  if (all.length > 0 && all.length <= MOST_SHOWN && stillThere) {
    const chosen = await questions.several({
      question: 'Numbers, joined by commas',
      help: 'The numbers in front of them.',
      choices: all.map(({ name }) => name),
      initial: before ? all.flatMap((choice, index) => (isBefore(choice) ? [index + 1] : [])) : [1],
    });
    const names = all
      .filter((_, index) => chosen.includes(index + 1))
      .map(({ id, name }) => (isGroups && before?.includes(name) !== true ? id : name));
    // In whichever order a person wrote them.
    const isAsBefore = before?.length === names.length && names.every((name) => before.includes(name));
    return (isAsBefore ? before : names).join(',');
  }
  return questions.text({
    question: isGroups ? 'Numbers of asset groups, joined by commas' : 'Names of tags, joined by commas',
    help: `-list=${LISTS[scope]} prints them. "${LATER}" leaves it open: without any that are all hosts.`,
    initial: before?.join(',') ?? LATER,
    wrong: (typed) =>
      typed === LATER || KEYS[scope].read(typed) !== undefined
        ? undefined
        : `Allowed is ${KEYS[scope].allowed}.`,
  });
}

/** Those whose names the YAML can say; of the others it is told. */
function namedTags(questions: Questions, tags: readonly AssetChoice[]): AssetChoice[] {
  const canBeSaid = ({ name }: AssetChoice): boolean => isDeepStrictEqual(KEYS.tags.read(name), [name]);
  const left = tags.filter((tag) => !canBeSaid(tag)).map(({ name }) => `"${name}"`);
  if (left.length > 0) {
    questions.say(
      `Not offered, since a comma parts the names of tags in the YAML: ${left.join(', ')}. Rename such a tag in Qualys, or choose its hosts by another one.`,
    );
  }
  return tags.filter(canBeSaid);
}

/** A list of the account; undefined where it cannot be had, which is told. */
async function listed<What extends keyof AccountLists>(
  questions: Questions,
  account: QualysAccount | undefined,
  what: What,
): Promise<AccountLists[What][number][] | undefined> {
  if (!account) return undefined;
  const { readAccountList } = await import('../qualys/list-account.ts');
  try {
    return [...(await readAccountList(account, what, { log: SILENT, signal: questions.signal }))];
  } catch (error) {
    questions.signal.throwIfAborted();
    if (!(error instanceof ConnectorError)) throw error;
    // The login was taken just now. Of the lists that are older than OAuth, Qualys says nowhere that they take a token.
    const isOfTokens = account.login.kind === 'client' && error.code === 'QC3021';
    questions.say(
      isOfTokens
        ? `Qualys does not list the ${what} to an OAuth client: look for them in its web interface.`
        : error.message,
    );
    return undefined;
  }
}
