import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { eachAttribute, NetlinkWriter, readMessages } from './netlink-message.ts';

const attribute = fc.record({
  type: fc.integer({ min: 0, max: 0x3fff }),
  value: fc.uint8Array({ maxLength: 40 }),
});
const message = fc.record({
  type: fc.integer({ min: 0, max: 0xffff }),
  sequence: fc.integer({ min: 0, max: 0xffffffff }),
  attributes: fc.array(attribute, { maxLength: 6 }),
});

test('readMessages() and eachAttribute() read what NetlinkWriter writes', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), (written) => {
      const messages = structuredClone(written);
      const writer = new NetlinkWriter();
      for (const { type, sequence, attributes } of messages) {
        writer.beginMessage(type, 0, sequence);
        for (const { type: kind, value } of attributes) writer.attribute(kind, value);
        writer.endMessage();
      }
      const read = readMessages(writer.bytes()).map(({ type, sequence, body }) => ({
        type,
        sequence,
        attributes: Array.from(eachAttribute(body), ([kind, value]) => ({
          type: kind,
          value: Uint8Array.from(value),
        })),
      }));
      assert.deepEqual(read, messages);
    }),
  );
});

test('readMessages() and eachAttribute() end at damage', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const { body } of readMessages(Buffer.from(bytes)))
        for (const [, value] of eachAttribute(body)) void value;
    }),
  );
});
