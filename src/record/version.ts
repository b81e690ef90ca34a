/** The version of the recorder: that of the package, which a bundled file does not have beside it. */
export const recorderVersion = '0.1.0';
