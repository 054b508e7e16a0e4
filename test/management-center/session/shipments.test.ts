import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CommandPart, CommandStream } from '../../../src/host-input/command-stream.ts';
import type { Block } from '../../../src/management-center/session/block.ts';
import { blocksOf } from '../../../src/management-center/session/shipment.ts';
import { collectShipments } from '../../../src/management-center/session/shipments.ts';

const LINE = /[^\n]*\n/g;

/** Parts of a unit of lines with characters of one to four bytes; the last one ends it. */
const unit = fc
  .array(
    fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀'), maxLength: 25 }), { maxLength: 3 }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) =>
    parts.map((lines, index): CommandPart => ({
      kind: 'unit',
      address: '192.0.2.1',
      text: lines.map((line) => `${line}\n`).join(''),
      commands: lines.length,
      findings: lines.length,
      ends: index === parts.length - 1,
    })),
  );

test('whatever is collected, while sizes change and memory is used again, comes out as it went in, in whole lines', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(unit, { maxLength: 12 }),
      fc.array(fc.integer({ min: 101, max: 300 }), { minLength: 1, maxLength: 4 }),
      async (units, limits) => {
        async function* stream(): AsyncGenerator<readonly CommandPart[]> {
          for (const parts of units) yield await Promise.resolve(parts);
        }
        let taken = 0;
        const limit = (): number => limits[taken % limits.length] ?? 0;
        const texts: string[] = [];
        let last: { readonly block: Block; readonly text: string } | undefined;
        for await (const shipment of collectShipments(stream() as CommandStream, limit)) {
          for (const block of blocksOf(shipment, limit())) {
            assert.ok(block.length <= limit());
            const text = block.text.toString();
            assert.equal(text.match(LINE)?.join(''), text);
            assert.equal(block.frame(3).toString('utf8', 8), text);
            texts.push(text);
            // A late reply may speak of the block before.
            assert.equal(last?.block.text.toString(), last?.text);
            last = { block, text };
          }
          shipment.discard();
          taken++;
        }
        assert.equal(
          texts.join(''),
          units
            .flat()
            .map(({ text }) => text)
            .join(''),
        );
      },
    ),
    { numRuns: 60 },
  );
});
