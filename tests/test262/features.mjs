// Features whose tests are counted as skipped: two large parts of the standard library that Caisson does not have,
// and proposals before Stage 4 that add to the library and not to the language.
export const skippedFeatures = new Set([
  'Intl-enumeration',
  'intl-normative-optional',
  'immutable-arraybuffer',
  'import-bytes',
  'ShadowRealm',
]);

/** @param {string[]} features */
export function skippedFeature(features) {
  return features.find(
    (feature) => skippedFeatures.has(feature) || (feature.startsWith('Intl.') && feature !== 'Intl.Era-monthcode'),
  );
}
