/**
 * Elements of nftables sets as netlink messages (linux/netfilter/nf_tables.h): what `nft add element`,
 * `delete element` and `list set` send and get. A batch is one transaction: all of it, or none.
 */
import {
  acknowledge,
  create,
  dump,
  eachAttribute,
  exclusive,
  type NetlinkMessage,
  NetlinkWriter,
  readAttributesOf,
  request,
} from '../../host/netlink-message.ts';

export interface SetElement {
  /** Of 32 bits each. */
  readonly key: readonly number[];
  /** Milliseconds that it stays. */
  readonly milliseconds: number;
}

/** Its milliseconds are those that it has left. */
export interface ListedElement extends SetElement {
  /** Packets that a rule has matched by it, where its set counts. */
  readonly packets?: number;
}

export interface SetEdit {
  readonly set: string;
  readonly count: number;
  /** Asked for one after the other, so that a hundred thousand are never there at once. */
  readonly element: (at: number) => SetElement;
  /** Add what must not be there; add what may be, with a new time; take away what may be. */
  readonly act: 'add' | 'renew' | 'delete';
}

const nfTables = 10 << 8;
const inet = 1;
const beginBatch = 16;
const endBatch = 17;
const [newElement, getElement, deleteElement, getSet, getTable, getRule] = [12, 13, 14, 10, 1, 7];
const newSet = 9;

/** NFTA_SET_ELEM_* and kin. */
const [tableName, setName, elements] = [1, 2, 3];
const [listElement, dataValue] = [1, 1];
const [elementKey, elementTimeout, elementExpiration, elementExpression, elementExpressions] = [
  1, 4, 5, 7, 11,
];
const [expressionData, counterPackets] = [2, 2];

/** An attribute holds 64 KiB at the most; an IPv6 element takes 40 bytes. */
const elementsOfMessage = 1000;

/** Of IPv4, added: more than that is found room for. */
const bytesOfElement = 36;

/** The edits as one transaction in a table of the family inet. */
export function writeBatch(table: string, edits: readonly SetEdit[]): Buffer {
  const total = edits.reduce((sum, { count }) => sum + count, 0);
  const writer = new NetlinkWriter(4096 + total * bytesOfElement);
  let sequence = 0;
  const mark = (type: number): void => {
    writer.beginMessage(type, request, ++sequence);
    header(writer, 0, nfTables >> 8);
    writer.endMessage();
  };
  const part = (type: number, flags: number, { set, count, element }: SetEdit, from: number): void => {
    writer.beginMessage(nfTables | type, request | acknowledge | flags, ++sequence);
    header(writer, inet, 0);
    writer.text(tableName, table);
    writer.text(setName, set);
    const list = writer.beginNest(elements);
    const to = Math.min(count, from + elementsOfMessage);
    for (let at = from; at < to; at += 1) writer.raw(elementBytes(element(at)));
    writer.endNest(list);
    writer.endMessage();
  };
  mark(beginBatch);
  for (const edit of edits) {
    for (let from = 0; from < edit.count; from += elementsOfMessage) {
      part(newElement, edit.act === 'add' ? create | exclusive : create, edit, from);
      if (edit.act === 'add') continue;
      // Neither can an element's time be changed in older kernels, nor one deleted that may not be there.
      part(deleteElement, 0, edit, from);
      if (edit.act === 'renew') part(newElement, create | exclusive, edit, from);
    }
  }
  mark(endBatch);
  return writer.bytes();
}

export type Question = 'elements' | 'sets' | 'table' | 'rules';

/** A question about a table, and of its elements about one set. */
export function writeQuestion(question: Question, table: string, set?: string): Buffer {
  const type = { elements: getElement, sets: getSet, table: getTable, rules: getRule }[question];
  const writer = new NetlinkWriter();
  writer.beginMessage(nfTables | type, request | (question === 'table' ? acknowledge : dump), 1);
  header(writer, inet, 0);
  writer.text(tableName, table);
  if (set !== undefined) writer.text(setName, set);
  writer.endMessage();
  return writer.bytes();
}

/** The answer to a question about elements. */
export function readElements(messages: readonly NetlinkMessage[]): ListedElement[] {
  const found: ListedElement[] = [];
  for (const { type, body } of messages) {
    if (type !== (nfTables | newElement)) continue;
    const list = attributes(body).get(elements);
    if (list === undefined) continue;
    for (const [kind, bytes] of eachAttribute(list)) {
      const element = kind === listElement ? readElement(bytes) : undefined;
      if (element !== undefined) found.push(element);
    }
  }
  return found;
}

/** The names of the table's sets. */
export function readSets(messages: readonly NetlinkMessage[]): string[] {
  return messages.flatMap(({ type, body }) => {
    const name = type === (nfTables | newSet) ? attributes(body).get(setName) : undefined;
    return name === undefined ? [] : [name.toString('latin1', 0, name.length - 1)];
  });
}

/** How many rules the answer tells of. */
export function countRules(messages: readonly NetlinkMessage[]): number {
  return messages.filter(({ type }) => type === (nfTables | 6)).length;
}

/** struct nfgenmsg */
function header(writer: NetlinkWriter, family: number, subsystem: number): void {
  writer.uint8(family);
  writer.uint8(0);
  writer.uint16BE(subsystem);
}

function attributes(body: Buffer): ReadonlyMap<number, Buffer> {
  return readAttributesOf(body.subarray(4));
}

/**
 * One element as an attribute. All of them have the same form, and there may be a hundred thousand: it is made
 * once for each length of key, and filled in. The bytes are those of the last call.
 */
function elementBytes({ key, milliseconds }: SetElement): Buffer {
  const bytes = forms.getOrInsertComputed(key.length, formOf);
  for (let place = 0; place < key.length; place += 1)
    bytes.writeInt32BE((key[place] ?? 0) | 0, formKeyAt + place * 4);
  bytes.writeUInt32BE(Math.floor(milliseconds / 0x1_0000_0000), bytes.length - 8);
  bytes.writeUInt32BE(milliseconds >>> 0, bytes.length - 4);
  return bytes;
}

const forms = new Map<number, Buffer>();
const formKeyAt = 12;

function formOf(words: number): Buffer {
  const writer = new NetlinkWriter();
  const element = writer.beginNest(listElement);
  const data = writer.beginNest(elementKey);
  writer.attribute(dataValue, new Uint8Array(words * 4));
  writer.endNest(data);
  writer.bigUint64BE(elementTimeout, 0n);
  writer.endNest(element);
  return Buffer.from(writer.bytes());
}

function readElement(bytes: Buffer): ListedElement | undefined {
  const found = readAttributesOf(bytes);
  const key = readAttributesOf(found.get(elementKey) ?? Buffer.alloc(0)).get(dataValue);
  if (key === undefined) return undefined;
  const words = Array.from({ length: key.length >> 2 }, (_, place) => key.readInt32BE(place * 4));
  const left = found.get(elementExpiration);
  const counter = found.get(elementExpression) ?? firstExpression(found.get(elementExpressions));
  const data = counter === undefined ? undefined : readAttributesOf(counter).get(expressionData);
  const packets = data === undefined ? undefined : readAttributesOf(data).get(counterPackets);
  return {
    key: words,
    milliseconds: left === undefined ? 0 : Number(left.readBigUInt64BE(0)),
    ...(packets === undefined ? {} : { packets: Number(packets.readBigUInt64BE(0)) }),
  };
}

function firstExpression(list: Buffer | undefined): Buffer | undefined {
  if (list === undefined) return undefined;
  for (const [, bytes] of eachAttribute(list)) return bytes;
  return undefined;
}
