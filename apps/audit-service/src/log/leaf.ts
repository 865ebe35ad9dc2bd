import type { AuditEvent, AuditRecord } from '@gatehouse/audit-contracts';
import { assertCanonical, canonicalJson, leafHash, MAX_ENTRY_BYTES } from '@gatehouse/transparency-log';
import {
  joinPersonal,
  PERSONAL_PARTS,
  type PersonalData,
  type PersonalPart,
  splitPersonal,
} from '../personal-data/personal-fields.js';
import { eventText } from './event-columns.js';
import type { LogEntry } from './log-entry.js';
import { digestContent, keyIdOf, openPart, sealPart, type SubjectKey } from '../personal-data/sealed-part.js';
import { addressIndex, networkOf } from '../personal-data/addresses.js';
import { ADDRESS_INDEX, subjectOf } from '../personal-data/subjects.js';

/** The first byte of every leaf: canonical JSON follows. */
const LEAF_VERSION = 1;

/** What fits a bundle of a tiled log. */
export const MAX_LEAF_BYTES = MAX_ENTRY_BYTES;

/** What a leaf says. */
export interface LeafRecord extends Omit<AuditRecord, 'seq' | 'leafHash' | 'erased'> {
  sealed?: Partial<Record<PersonalPart, string>>;
}

/** The leaf does not fit. */
export class LeafTooLargeError extends Error {
  constructor(bytes: number) {
    super(`its leaf has ${bytes} bytes, and may have ${MAX_LEAF_BYTES}`);
    this.name = 'LeafTooLargeError';
  }
}

/** Whose keys an event needs to become an entry. */
export const subjectsOf = (event: AuditEvent): string[] => [
  ...PERSONAL_PARTS.map((part) => subjectOf(event, part)),
  ADDRESS_INDEX,
];

/**
 * @param keys by subject, all of `subjectsOf(event)`
 * @throws NotCanonicalError
 * @throws LeafTooLargeError
 */
export function createLogEntry(event: AuditEvent, { keys, submittedBy, receivedAt }: EntryOrigin): LogEntry {
  const received = receivedAt.toISOString();
  assertCanonical({ ...event, submittedBy });
  const content = canonicalJson(event);
  const { open, personal } = splitPersonal(event);
  const sealed = sealAll(event, personal, keys);
  const json = canonicalJson({ ...open, ...sealed, receivedAt: received, submittedBy });
  const leaf = Buffer.concat([Buffer.of(LEAF_VERSION), Buffer.from(json)]);
  if (leaf.length > MAX_LEAF_BYTES) throw new LeafTooLargeError(leaf.length);
  const key = keyOf(keys, subjectOf(event, 'actor'));
  const { ip } = event.context;
  const entry = {
    ...{ event: open, submittedBy, receivedAt: received },
    address: ip === undefined ? undefined : addressIndex(keyOf(keys, ADDRESS_INDEX).key, ip),
    network: ip === undefined ? undefined : networkOf(ip),
    ...{ content, contentDigest: digestContent(key, content), keyId: key.id },
    ...{ leaf, leafHash: leafHash(leaf) },
  };
  return { ...entry, text: eventText(entry) };
}

export interface EntryOrigin {
  readonly keys: ReadonlyMap<string, SubjectKey>;
  readonly submittedBy: string;
  readonly receivedAt: Date;
}

function sealAll(event: AuditEvent, personal: PersonalData, keys: ReadonlyMap<string, SubjectKey>) {
  const sealed = PERSONAL_PARTS.flatMap((part) => {
    const data = personal[part];
    if (data === undefined) return [];
    const key = keyOf(keys, subjectOf(event, part));
    return [[part, sealPart(key, canonicalJson(data), contextOf(event.id, part))]];
  });
  return sealed.length === 0 ? {} : { sealed: Object.fromEntries(sealed) as LeafRecord['sealed'] };
}

function keyOf(keys: ReadonlyMap<string, SubjectKey>, subject: string): SubjectKey {
  const key = keys.get(subject);
  if (key === undefined) throw new Error(`There is no key of ${subject}`);
  return key;
}

/** @throws when it is no leaf */
export function readLeaf(leaf: Buffer): LeafRecord {
  if (leaf[0] !== LEAF_VERSION) throw new Error(`A leaf of version ${leaf[0]} is not known`);
  return JSON.parse(leaf.toString('utf8', 1)) as LeafRecord;
}

/** Where a sealed part stands. */
const contextOf = (eventId: string, part: PersonalPart) => `${eventId}/${part}`;

/** The ids of the keys that open a leaf. */
export const keyIdsOf = ({ sealed }: LeafRecord): string[] =>
  Object.values(sealed ?? {}).flatMap((part) => keyIdOf(part) ?? []);

/**
 * The record of a leaf with what is personal in clear, as far as its keys are there: `erased` names the parts whose key
 * was destroyed.
 *
 * @throws when a part was changed, or its key is not known
 */
export function openRecord(
  { sealed = {}, ...open }: LeafRecord,
  keys: ReadonlyMap<string, SubjectKey | 'destroyed'>,
): Omit<AuditRecord, 'seq' | 'leafHash'> {
  const personal: PersonalData = {};
  const erased: PersonalPart[] = [];
  for (const part of PERSONAL_PARTS) {
    const text = sealed[part];
    if (text === undefined) continue;
    const key = keys.get(keyIdOf(text) ?? '');
    if (key === undefined) throw new Error(`The key of ${part} of event ${open.id} is not known`);
    if (key === 'destroyed') erased.push(part);
    else personal[part] = JSON.parse(openPart(key, text, contextOf(open.id, part))) as object;
  }
  return { ...joinPersonal(open, personal), ...(erased.length > 0 && { erased }) };
}
