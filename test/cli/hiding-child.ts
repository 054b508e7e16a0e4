/** Hides its arguments, tells what it was given and what argv holds now, and waits to be looked at. */
import { hideArguments } from '../../src/cli/hide-arguments.ts';

/** Hides its arguments, tells what it was given and what argv holds now, and waits to be looked at. */

const given = hideArguments();
process.stdout.write(`${JSON.stringify({ given, argv: process.argv })}\n`);
process.stdin.resume();
