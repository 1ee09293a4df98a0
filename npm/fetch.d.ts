import type { HostResponse, HostURL, Sandbox } from './index.js';

export interface FetchOptions {
  /**
   * Where requests may go, redirects included: origins (`https://api.example.com`), all subdomains of one
   * (`https://*.example.com`, without `example.com` itself), or a function that says `true` for an address. Names are
   * compared, not the addresses that they stand for: whether a name leads into a private network is for the host to
   * know (by a function, or by the network that the process has).
   */
  origins: readonly string[] | ((url: HostURL, method: string) => boolean | Promise<boolean>);
  /** Methods that are allowed. Default: GET and HEAD. */
  methods?: readonly string[];
  /**
   * Headers that the host adds, for each hop of a redirect: a token that the guest must not see, for example. They take
   * the place of the guest's.
   */
  headers?: (
    url: HostURL,
    method: string,
  ) =>
    | Record<string, string>
    | Iterable<readonly [string, string]>
    | null
    | undefined
    | Promise<Record<string, string> | Iterable<readonly [string, string]> | null | undefined>;
  /**
   * What relative addresses are resolved against; its origin is the guest's own for the modes of requests
   * (`same-origin`, `no-cors`). Default: relative addresses are refused.
   */
  base?: string | HostURL;
  /** Whether cookies and passwords of the host are sent (pages). Default `omit`. */
  credentials?: 'omit' | 'same-origin' | 'include';
  /**
   * Whether redirects are followed, as far as they stay within `origins`. Default true. Pages do not show where a
   * redirect leads, so there it is refused.
   */
  redirects?: boolean;
  /** Bytes of a request's body. Default 1 MiB. */
  requestLimit?: number;
  /** Bytes of a response's body, after it was decompressed. Default 16 MiB. */
  responseLimit?: number;
  /** Milliseconds from the request to the end of the response's body. Default 30,000. */
  timeLimit?: number;
  /** Requests at the same time; others wait for their turn. Default 8. */
  concurrent?: number;
  /** What does the requests. Default: the host's own `fetch`. It is asked with `redirect: 'manual'`. */
  fetch?: (address: string, init: any) => Promise<HostResponse>;
}

/**
 * Gives the guest `fetch`, with Headers, Request, Response, Blob, File, FormData and streams. Addresses are http or
 * https; `data:` and `blob:` (`URL.createObjectURL`) are answered within the guest, without the host. Headers that
 * pages may not set (Cookie, Host, Origin...) are left out, and so is Set-Cookie. What is not allowed is a TypeError
 * for the guest. Grant it before code of the guest has run.
 */
export function grantFetch(sandbox: Pick<Sandbox, 'eval'>, options: FetchOptions): Promise<void>;
