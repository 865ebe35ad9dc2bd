export { deriveKey } from './derive-key.js';
export { keyId, Keyring, UnsealError } from './keyring.js';
