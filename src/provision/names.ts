/** The group that proves which bundle a server runs: one recording rule with the version as a label. */
export const bundleGroup = 'deployment-bundle';
/** Its series: always 1, label `version`. */
export const bundleMetric = 'deployment_observability:bundle:info';
/** The file that holds it; the manifest does not list it, because it contains the manifest's own version. */
export const bundleFile = 'bundle.yml';
/** Tag of the annotations that say which version was applied. */
export const annotationTag = 'deployment-observability';
/** Uid of the folder that we make; another folder with the right title is used as it is. */
export const ownFolderUid = 'deployment-observability';
