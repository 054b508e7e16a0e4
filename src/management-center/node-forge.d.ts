import type forge from 'node-forge';

// Documented parts of node-forge that its types leave out.
declare module 'node-forge' {
  namespace pkcs12 {
    /** RFC 7292, appendix B. `id`: 1 key, 2 IV, 3 MAC. An absent password is "no bytes", '' is two zero bytes. */
    function generateKey(
      password: string | null,
      salt: forge.util.ByteBuffer,
      id: 1 | 2 | 3,
      iterations: number,
      bytes: number,
      digest?: forge.md.MessageDigest,
    ): forge.util.ByteBuffer;
  }

  namespace pki.pbe {
    /** A started cipher for the algorithm; throws when it knows none. PBES2 takes the password's bytes. */
    function getCipher(oid: string, parameters: forge.asn1.Asn1, password: string | null): PbeCipher;

    interface PbeCipher {
      update(input: forge.util.ByteBuffer): void;
      /** False when the padding is wrong, as it is with a wrong password. */
      finish(): boolean;
      readonly output: forge.util.ByteBuffer;
    }
  }
}
