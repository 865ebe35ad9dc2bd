export { decrypt, encrypt } from './aes-gcm.js';
export { deriveKey } from './derive-key.js';
export { keyId, Keyring, UnsealError } from './keyring.js';
export { type BoxKeys, newBoxKeys, openBox, PublicKeyError, sealTo } from './sealed-box.js';
export { resealAll, type ResealCounts, type SealedValue, type SealedValues } from './reseal.js';
