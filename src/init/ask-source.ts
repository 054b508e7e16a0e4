/** What is imported: a report template, or hosts by the account's own asset groups and tags. */
import { KEYS } from '../config/keys.ts';
import { ConnectorError } from '../connector-error.ts';
import type { QualysAccount } from '../qualys/access.ts';
import type { AccountLists } from '../qualys/list-account.ts';
import { SILENT } from './account.ts';
import type { Questions } from './questions.ts';
import type { YamlValues } from './yaml.ts';

const LATER = 'later';
/** Of a list, that many are shown. */
const MOST_SHOWN = 40;

/** @param account undefined where nobody is logged in */
export async function askSource(
  questions: Questions,
  account: QualysAccount | undefined,
): Promise<YamlValues> {
  const source = await questions.choice({
    question: 'Hosts and findings come from',
    help: 'A report template of Qualys chooses hosts and findings itself, and Qualys generates its report every night. The detections need no template: you choose asset groups or tags here; the account needs the KnowledgeBase API.',
    choices: ['a report template', "Qualys' detections, without a template"],
    initial: 1,
  });
  return source === 1 ? askTemplate(questions, account) : askScope(questions, account);
}

async function askTemplate(questions: Questions, account: QualysAccount | undefined): Promise<YamlValues> {
  const templates = (await listed(questions, account, 'templates')).filter(({ suitable }) => suitable);
  templates.slice(0, MOST_SHOWN).forEach(({ id, title }) => {
    questions.say(`  ${id}  ${title}`);
  });
  if (account && templates.length === 0) {
    questions.say('No template of the type Auto/Scan was listed: make one in Qualys (Reports > Templates).');
  }
  const known = new Set(templates.map(({ id }) => id));
  const id = await questions.text({
    question: 'Id of the template',
    help: `The number in front of its title; in Qualys: Reports > Templates, Info. "${LATER}" leaves it open.`,
    initial: templates[0]?.id ?? LATER,
    wrong: (answer) => wrongTemplate(answer, known),
  });
  return id === LATER ? {} : { templateId: id };
}

function wrongTemplate(answer: string, known: ReadonlySet<string>): string | undefined {
  if (answer === LATER) return undefined;
  if (KEYS.templateId.read(answer) === undefined) return 'Type the number of one template.';
  return known.size === 0 || known.has(answer)
    ? undefined
    : 'The account has no such template of the type Auto/Scan.';
}

async function askScope(questions: Questions, account: QualysAccount | undefined): Promise<YamlValues> {
  const source = { source: 'detection' };
  const by = await questions.choice({
    question: 'Which hosts',
    help: 'All hosts that the account sees, or those of some asset groups, with some tags, or at some addresses.',
    choices: ['all', 'those of asset groups', 'those with tags', 'those at addresses'],
    initial: 1,
  });
  if (by === 1) return source;
  if (by === 2) return { ...source, assetGroups: await askNames(questions, account, 'groups') };
  if (by === 3) return { ...source, tags: await askNames(questions, account, 'tags') };
  const ips = await questions.text({
    question: 'Addresses',
    help: `${KEYS.ips.allowed}.`,
    initial: LATER,
    wrong: (answer) =>
      answer === LATER || KEYS.ips.read(answer) !== undefined ? undefined : `Allowed is ${KEYS.ips.allowed}.`,
  });
  return ips === LATER ? source : { ...source, ips };
}

/** Asset groups are written by their numbers, tags by their names. */
async function askNames(
  questions: Questions,
  account: QualysAccount | undefined,
  what: 'groups' | 'tags',
): Promise<string> {
  const all = await listed(questions, account, what);
  const isGroups = what === 'groups';
  if (all.length > 0 && all.length <= MOST_SHOWN) {
    const chosen = await questions.several({
      question: 'Numbers, joined by commas',
      help: 'The numbers in front of them.',
      choices: all.map(({ name }) => name),
      initial: [1],
    });
    return all
      .filter((_, index) => chosen.includes(index + 1))
      .map(({ id, name }) => (isGroups ? id : name))
      .join(',');
  }
  const key = isGroups ? KEYS.assetGroups : KEYS.tags;
  const answer = await questions.text({
    question: isGroups ? 'Numbers of asset groups, joined by commas' : 'Names of tags, joined by commas',
    help: `-list=${what} prints them. "${LATER}" leaves it open: that are all hosts.`,
    initial: LATER,
    wrong: (typed) =>
      typed === LATER || key.read(typed) !== undefined ? undefined : `Allowed is ${key.allowed}.`,
  });
  return answer === LATER ? '' : answer;
}

/** A list of the account; an empty one where there is none, which is told. */
async function listed<What extends keyof AccountLists>(
  questions: Questions,
  account: QualysAccount | undefined,
  what: What,
): Promise<AccountLists[What][number][]> {
  if (!account) return [];
  const { readAccountList } = await import('../qualys/list-account.ts');
  try {
    return [...(await readAccountList(account, what, { log: SILENT, signal: questions.signal }))];
  } catch (error) {
    questions.signal.throwIfAborted();
    if (!(error instanceof ConnectorError)) throw error;
    questions.say(error.message);
    return [];
  }
}
