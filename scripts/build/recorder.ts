/** The recorder as one file. */
export const bundleRecorder = async (): Promise<Record<string, string>> => ({});
