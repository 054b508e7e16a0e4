import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Block } from '../../../src/management-center/session/block.ts';
import { BlockRefusedError, ConnectionLostError } from '../../../src/management-center/session/errors.ts';
import { readMaximumSize, readReply, type Reply } from '../../../src/management-center/session/messages.ts';

const peer = { address: '192.0.2.9', port: 8307 };

/** What is made of an answer to a block with one command. */
function judge(text: string, block = 'ScanFlush\n'): Reply {
  return readReply({ type: 3, body: Buffer.from(text) }, Block.of(Buffer.from(block)), peer);
}

const cases: [name: string, text: string, processed: number | undefined, complaint: string | undefined][] = [
  ['the summary alone is good', 'Done processing 4 commands.\n', 4, undefined],
  ['the summary without its line end is good', 'Done processing 10512 commands.', 10_512, undefined],
  ['the summary closed by a NUL is good', 'Done processing 4 commands.\n\0', 4, undefined],
  ['the summary with CR LF is good', 'Done processing 4 commands.\r\n', 4, undefined],
  ['one command is good', 'Done processing 1 command.\n', 1, undefined],
  ['an empty reply is an acknowledgement without a count', '', undefined, undefined],
  ['blanks are an acknowledgement without a count', ' \n\n', undefined, undefined],
  ['text before the summary is a complaint', 'Bad line 3\nDone processing 4 commands.\n', 4, 'Bad line 3'],
  ['another text is a complaint', 'What?\n', undefined, 'What?'],
  ['text behind the summary is a complaint', 'Done processing 4 commands.\nBye\n', 4, 'Bye'],
  ['text around the summary is one complaint', 'a\nDone processing 4 commands.\nb', 4, 'a\n\nb'],
  [
    'a second summary is a complaint',
    'Done processing 4 commands.\nDone processing 4 commands.\n',
    4,
    'Done processing 4 commands.',
  ],
  ['none processed is a complaint', 'Done processing 0 commands.\n', 0, 'Done processing 0 commands.'],
  [
    'the summary in the middle of a line is none',
    'Not Done processing 4 commands.',
    undefined,
    'Not Done processing 4 commands.',
  ],
];

for (const [name, text, processed, complaint] of cases) {
  test(name, () => {
    const reply = judge(text);
    assert.equal(reply.processed, processed);
    assert.equal(reply.complaint, complaint);
  });
}

test('an error message is a failure with its text made harmless', () => {
  assert.throws(
    () => readReply({ type: 4, body: Buffer.from('no\u001b[31m way\n') }, Block.of(Buffer.alloc(0)), peer),
    (error) =>
      error instanceof BlockRefusedError && error.message.includes('refused the commands: no [31m way.'),
  );
});

test('any other message means that the connection is out of step', () => {
  for (const type of [0, 1, 2, 5, 0xffffffff]) {
    assert.throws(
      () => readReply({ type, body: Buffer.alloc(4) }, Block.of(Buffer.alloc(0)), peer),
      ConnectionLostError,
    );
  }
});

test('blanks without end before a word take no time that grows with their square', () => {
  const reply = judge(`${' \0'.repeat(1_000_000)}x`);
  assert.ok(reply.complaint?.endsWith('x'));
});

test('none processed is all of a block without commands', () => {
  assert.equal(judge('Done processing 0 commands.\n', '# nothing\nfoo\n').complaint, undefined);
});

test('a failure says whom it is about', () => {
  assert.throws(() => readMaximumSize({ type: 4, body: Buffer.from('no') }, peer), peer);
});
