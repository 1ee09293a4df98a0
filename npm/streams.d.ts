import type { Sandbox } from './index.js';

export interface StreamsOptions {
  /**
   * Whether the guest gets CompressionStream and DecompressionStream, which are the host's where it has them. Default
   * true.
   */
  compression?: boolean;
}

/**
 * Gives the guest ReadableStream, WritableStream, TransformStream with their readers, writers and strategies,
 * TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream, Blob, File, FormData and Headers. They
 * run within the guest. The streams are loaded when the first is used, which takes some 25 ms and 1 MB of the guest.
 * Grant them before code of the guest has run.
 */
export function grantStreams(sandbox: Pick<Sandbox, 'eval'>, options?: StreamsOptions): Promise<void>;
