import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { privateKeyOf } from './ed25519-keys.js';
import { formatNote, MalformedNoteError, parseNote } from './note.js';
import { createNoteSigner, signNote } from './note-signer.js';
import { formatVerifierKey, MalformedVerifierKeyError, parseVerifierKey } from './note-verifier.js';
import { UnverifiedNoteError, verifyNote } from './verify-note.js';

// Known answers of golang.org/x/mod/sumdb/note (note.go, note_test.go).
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_PRIVATE = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH_LINE =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

const peter = parseVerifierKey(PETER);
const enoch = parseVerifierKey(ENOCH);
const signing = (name: string) => createNoteSigner(name, generateKeyPairSync('ed25519').privateKey);
const names = (note: { signatures: readonly { name: string }[] }) => note.signatures.map(({ name }) => name);

describe('a signed note', () => {
  it('is signed as Go signs it', () => {
    const seed = Buffer.from(PETER_PRIVATE, 'base64').subarray(1);
    const signer = createNoteSigner('PeterNeumann', privateKeyOf(seed));
    expect(signer.verifierKey).toBe(PETER);
    expect(signNote({ text: TEXT, signatures: [] }, [signer])).toBe(`${TEXT}\n${PETER_LINE}`);
    const before = parseNote(`${TEXT}\n${PETER_LINE}${ENOCH_LINE}`);
    expect(signNote(before, [signer])).toBe(`${TEXT}\n${ENOCH_LINE}${PETER_LINE}`);
  });

  it('is verified by the keys that are known', () => {
    const note = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`;
    expect(verifyNote(note, [peter]).text).toBe(TEXT);
    expect(names(verifyNote(Buffer.from(note), [peter]))).toEqual(['PeterNeumann']);
    expect(names(verifyNote(note, [enoch, peter]))).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(names(verifyNote(`${TEXT}\n${PETER_LINE}${PETER_LINE}`, [peter]))).toEqual(['PeterNeumann']);
  });

  it('is refused without a signature by a known key, or with one that does not hold', () => {
    const note = `${TEXT}\n${PETER_LINE}`;
    expect(() => verifyNote(note, [])).toThrow('No known key');
    expect(() => verifyNote(note, [enoch])).toThrow(UnverifiedNoteError);
    expect(() => verifyNote(note.replace('cryptography', 'cryptographY'), [peter])).toThrow('does not hold');
    const broken = PETER_LINE.replace('ZJku', 'ZJkv');
    expect(() => verifyNote(`${TEXT}\n${broken}${ENOCH_LINE}`, [peter, enoch])).toThrow('does not hold');
    expect(() => verifyNote(`${TEXT}\n${PETER_LINE}${broken}`, [peter])).toThrow('does not hold');
    expect(() =>
      verifyNote(`${TEXT}\n${PETER_LINE.slice(0, 60)}ABCD${PETER_LINE.slice(60)}`, [peter]),
    ).toThrow('does not hold');
  });

  it('takes a signature for that of a key only when name and id agree', () => {
    const renamed = PETER_LINE.replace('PeterNeumann', 'CarmenSandiego');
    expect(() => verifyNote(`${TEXT}\n${renamed}`, [peter])).toThrow('No known key');
    const otherId = PETER_LINE.replace('x08g', 'AAAA');
    expect(names(verifyNote(`${TEXT}\n${otherId}${ENOCH_LINE}`, [peter, enoch]))).toEqual(['EnochRoot']);
  });

  it.each([
    ['a text alone', TEXT],
    ['no signature', `${TEXT}\n`],
    ['a signature cut off', `${TEXT}\n${PETER_LINE.slice(0, -1)}`],
    ['a control character', `\x01${TEXT}\n${PETER_LINE}`],
    ['a tab', `\t${TEXT}\n${PETER_LINE}`],
    ['a carriage return', `${TEXT}\r\n\n${PETER_LINE}`],
    ['what is no UTF-8', Buffer.concat([Buffer.of(0xff), Buffer.from(`${TEXT}\n${PETER_LINE}`)])],
    ['half a surrogate pair', `\ud800${TEXT}\n${PETER_LINE}`],
    ['a name of two words', `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Peter Neumann')}`],
    ['a space that is none of ASCII', `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Peter\u2003Neumann')}`],
    ['a name with a plus', `${TEXT}\n${PETER_LINE.replace('PeterNeumann', 'Peter+Neumann')}`],
    ['no name', `${TEXT}\n${PETER_LINE.replace('PeterNeumann', '')}`],
    ['a line that is no signature', `${TEXT}\n${PETER_LINE}Unexpected line.\n`],
    ['a hyphen for a dash', `${TEXT}\n${PETER_LINE.replace('—', '-')}`],
    ['base64 without padding', `${TEXT}\n${PETER_LINE.replace('=', '')}`],
    ['base64url', `${TEXT}\n${PETER_LINE.replaceAll('/', '_')}`],
    ['base64 with bits left over', `${TEXT}\n${PETER_LINE.replace('nAM=', 'nAN=')}`],
    ['a key id without a signature', `${TEXT}\n— Peter x08gow==\n`],
    ['a hundred and one signatures', `${TEXT}\n${PETER_LINE.repeat(101)}`],
    ['more than a million bytes', `${'x'.repeat(1_000_000)}\n\n${PETER_LINE}`],
    ['more than a million bytes in fewer characters', `${'—'.repeat(340_000)}\n\n${PETER_LINE}`],
  ])('is not read with %s', (_what, note) => {
    expect(() => parseNote(note)).toThrow(MalformedNoteError);
  });

  it('is read with 100 signatures, empty lines, and a byte order mark as part of its text', () => {
    expect(parseNote(`${TEXT}\n${PETER_LINE.repeat(100)}`).signatures).toHaveLength(100);
    expect(parseNote(`a\n\nb\n\n${PETER_LINE}`).text).toBe('a\n\nb\n');
    expect(parseNote(Buffer.from(`\ufeffa\n\n${PETER_LINE}`)).text).toBe('\ufeffa\n');
  });

  it('is read as it was written, and verifies', () => {
    const signers = ['example.com/log', 'zeuge.example', 'ü'].map(signing);
    const known = signers.map(({ verifierKey }) => parseVerifierKey(verifierKey));
    const lines = fc.array(
      fc.string({ unit: 'grapheme' }).filter((line) => !/\p{Cc}/u.test(line)),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(lines, (of) => {
        const text = `${of.join('\n')}\n`;
        const note = signNote({ text, signatures: [] }, signers);
        expect(formatNote(parseNote(note))).toBe(note);
        expect(verifyNote(note, known)).toMatchObject({
          text,
          signatures: parseNote(note).signatures,
        });
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['no newline at its end', 'abc'],
    ['nothing', ''],
    ['a control character', 'a\0\n'],
    ['a blank line, but no newline at its end', 'a\n\nb'],
  ])('is not written of a text with %s', (_what, text) => {
    expect(() => signNote({ text, signatures: [] }, [signing('log')])).toThrow(MalformedNoteError);
  });

  it('is not written without a signature, nor by a name that none can have', () => {
    expect(() => formatNote({ text: TEXT, signatures: [] })).toThrow(MalformedNoteError);
    const signature = { name: 'a+b', keyId: 1, signature: Buffer.alloc(64) };
    expect(() => formatNote({ text: TEXT, signatures: [signature] })).toThrow(MalformedNoteError);
  });

  it('fails in one way only', () => {
    const pieces = fc.constantFrom(TEXT, '\n', '— ', PETER_LINE, 'x08g', ' ', '\0', 'ÿ');
    const garbage = fc.oneof(
      fc.uint8Array(),
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(garbage, (input) => {
        try {
          verifyNote(input, [peter]);
        } catch (error) {
          expect([MalformedNoteError, UnverifiedNoteError]).toContain((error as Error).constructor);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a verifier key', () => {
  it('is read as it was written', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const vkey = formatVerifierKey('example.com/log', publicKey);
    expect(formatVerifierKey('example.com/log', privateKey)).toBe(vkey);
    const verifier = parseVerifierKey(vkey);
    const { name, keyId } = verifier;
    expect(vkey.startsWith(`${name}+${keyId.toString(16).padStart(8, '0')}+A`)).toBe(true);
    const { signature } = createNoteSigner('example.com/log', privateKey).sign('a\n');
    const verify = (text: string, by: Buffer) => verifier.verify(text, by);
    expect([verify('a\n', signature), verify('b\n', signature), verify('a\n', Buffer.alloc(64))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('is read whole and unchanged only', () => {
    for (let from = 0; from < PETER.length; from += 1) {
      for (let to = from; to <= PETER.length; to += 7) {
        expect(() => parseVerifierKey(PETER.slice(from, to))).toThrow(MalformedVerifierKeyError);
      }
      const next = String.fromCharCode(PETER.charCodeAt(from) + 1);
      expect(() => parseVerifierKey(PETER.slice(0, from) + next + PETER.slice(from + 1))).toThrow(
        MalformedVerifierKeyError,
      );
    }
  });

  it.each([
    [
      'a longer key, with its id',
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    ],
    ['another type, with its id', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['an id in capitals', PETER.replace('c74f20a3', 'C74F20A3')],
    ['a newline after it', `${PETER}\n`],
  ])('is not read with %s', (_what, vkey) => {
    expect(() => parseVerifierKey(vkey)).toThrow(MalformedVerifierKeyError);
  });

  it('fails in one way only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, rest) => {
        expect(() => parseVerifierKey(`${name}+c74f20a3+${rest}`)).toThrow(MalformedVerifierKeyError);
      }),
    );
  });

  it('is of Ed25519, and has a name without spaces and plus signs', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    for (const name of ['', 'a b', 'a+b', 'a\n', '\ud800']) {
      expect(() => formatVerifierKey(name, publicKey)).toThrow(TypeError);
      expect(() => createNoteSigner(name, privateKey)).toThrow(TypeError);
    }
    expect(() => createNoteSigner('log', publicKey)).toThrow(TypeError);
    expect(() => formatVerifierKey('log', generateKeyPairSync('x25519').publicKey)).toThrow(TypeError);
  });
});
