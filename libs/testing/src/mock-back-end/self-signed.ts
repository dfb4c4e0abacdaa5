import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

const name = sequence(der(0x31, sequence(hex('0603550403'), der(0x0c, Buffer.from('localhost')))));
const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from('99991231235959Z')));
const ecdsaWithSha256 = sequence(hex('06082a8648ce3d040302'));
const serial = hex('020101');

/**
 * A certificate that nobody vouches for but its own key, and the key; anew each time. Version 1 of X.509 has what a server
 * needs: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(serial, ecdsaWithSha256, name, validity, name, spki);
  const signature = der(0x03, Buffer.of(0), sign('sha256', body, privateKey));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: new X509Certificate(sequence(body, ecdsaWithSha256, signature)).toString(),
  };
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

/** Type, length, value. */
function der(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const lengthBytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(type, ...lengthBytes), value]);
}

function hex(bytes: string): Buffer {
  return Buffer.from(bytes, 'hex');
}
