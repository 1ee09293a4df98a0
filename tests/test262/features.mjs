// Features whose tests are counted as skipped: proposals that are not at Stage 4 in the pinned corpus, and
// the two large parts of the standard library that Caisson does not have yet.
export const skippedFeatures = new Set([
  'Temporal',
  'Intl-enumeration',
  'intl-normative-optional',
  'canonical-tz',
  'await-dictionary',
  'decorators',
  'error-stack-accessor',
  'export-defer',
  'immutable-arraybuffer',
  'import-bytes',
  'import-defer',
  'import-text',
  'Iterator.prototype.join',
  'legacy-regexp',
  'nonextensible-applies-to-private',
  'ShadowRealm',
  'source-phase-imports',
  'source-phase-imports-module-source',
]);

export function skippedFeature(features) {
  return features.find((feature) => skippedFeatures.has(feature) || feature.startsWith('Intl.'));
}
