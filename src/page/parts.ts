/** The parts of the page about one input, each a file in parts/: it begins with a heading, and is left out where nothing is known. */
import type { InputSummary } from '../summary/run-summary.ts';
import type { InputLook } from './look.ts';
import { markup, type Markup } from './markup.ts';
import { affectedPart } from './parts/affected.ts';
import { severityPart } from './parts/by-severity.ts';
import { changesPart } from './parts/changes.ts';
import { cvePart } from './parts/cves.ts';
import { detectionPart } from './parts/detection.ts';
import { frequentPart } from './parts/frequent.ts';
import { leftOutPart } from './parts/left-out.ts';
import { stagesPart } from './parts/stages.ts';
import type { Heading } from './tables.ts';
import { counted } from './words.ts';

/** Of one input, in their order. @param inputs the same for each Management Center that it went to */
export function partsOf(
  inputs: readonly InputSummary[],
  look: InputLook | undefined,
  heading: Heading,
): Markup {
  const [first] = inputs;
  if (!first) return markup``;
  // What was read of it to its end says all of it.
  const input = inputs.find(({ outcome }) => outcome === 'done' || outcome === 'complaints') ?? first;
  const headingOf =
    ({ server }: InputSummary): Heading =>
    (text) =>
      heading(server === undefined ? text : `${text}: ${server}`);
  return markup`${inputs.map((one) => one.changes && changesPart(one.changes, look, headingOf(one)))}
${look && !look.whole && markup`<p class="note">What follows counts the ${counted(look.hosts, 'host')} that had been read when the run ended.</p>`}
${look?.detailed && markup`${severityPart(look, heading)}${frequentPart(look, heading)}`}
${look && look.hosts > 0 && affectedPart(look, heading)}
${look?.detailed && cvePart(look, input.counts, heading)}
${look && !look.detailed && look.hosts > 0 && markup`<p class="note">A file of commands does not say how grave its findings are: they are counted, not weighed.</p>`}
${input.counts && leftOutPart(input.counts, heading)}
${input.detection && detectionPart(input.detection, heading)}
${inputs.map((one) => stagesPart(one, headingOf(one)))}`;
}
