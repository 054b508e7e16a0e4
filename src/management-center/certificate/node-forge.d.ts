import type forge from 'node-forge';

// Parts of node-forge that its types leave out.
declare module 'node-forge' {
  namespace pkcs12 {
    /** RFC 7292, appendix B. `id`: 1 key, 2 IV, 3 MAC. A null password is "no bytes"; '' is two zero bytes. */
    function generateKey(
      password: string | null,
      salt: forge.util.ByteBuffer,
      id: 1 | 2 | 3,
      iterations: number,
      bytes: number,
      digest?: forge.md.MessageDigest,
    ): forge.util.ByteBuffer;
  }

  namespace asn1 {
    function fromDer(
      bytes: forge.util.ByteBuffer,
      options: { strict: boolean; parseAllBytes: boolean; decodeBitStrings: boolean },
    ): forge.asn1.Asn1;
  }
}
