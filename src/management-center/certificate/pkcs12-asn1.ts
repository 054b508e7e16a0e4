import forge from 'node-forge';

export type Asn1 = forge.asn1.Asn1;

/** The bytes are not the structure that they should be. */
export class MalformedAsn1Error extends Error {}

/** Parses DER or BER; bytes after the first value (a line feed, padding) are passed over. */
export function parse(bytes: Buffer): Asn1 {
  try {
    return forge.asn1.fromDer(forge.util.createBuffer(bytes.toString('binary')), {
      // Strict means that nothing may be cut off; BER's looser forms are read all the same.
      strict: true,
      parseAllBytes: false,
      decodeBitStrings: false,
    });
  } catch (cause) {
    throw new MalformedAsn1Error('not ASN.1', { cause });
  }
}

export function children(node: Asn1 | undefined): Asn1[] {
  if (!node || !Array.isArray(node.value)) throw new MalformedAsn1Error('a structure is missing');
  return node.value;
}

/** An OCTET STRING's bytes; BER writers may cut it into pieces. */
export function octets(node: Asn1 | undefined): Buffer {
  if (!node) throw new MalformedAsn1Error('bytes are missing');
  return typeof node.value === 'string'
    ? Buffer.from(node.value, 'binary')
    : Buffer.concat(node.value.map(octets));
}

export function oid(node: Asn1 | undefined): string {
  if (node?.type !== forge.asn1.Type.OID || typeof node.value !== 'string') {
    throw new MalformedAsn1Error('an object identifier is missing');
  }
  return forge.asn1.derToOid(node.value);
}

export function integer(node: Asn1 | undefined): number {
  if (node?.type !== forge.asn1.Type.INTEGER || typeof node.value !== 'string') {
    throw new MalformedAsn1Error('a number is missing');
  }
  const value = Number(`0x${octets(node).toString('hex') || 'x'}`);
  if (!Number.isSafeInteger(value)) throw new MalformedAsn1Error('a number is too large');
  return value;
}

export function toDer(node: Asn1 | undefined): Buffer {
  if (!node) throw new MalformedAsn1Error('a structure is missing');
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'binary');
}
