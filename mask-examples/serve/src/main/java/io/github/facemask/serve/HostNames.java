package io.github.facemask.serve;

import com.google.common.collect.ImmutableSet;
import com.google.common.net.InetAddresses;
import java.util.Collection;
import java.util.Locale;

/**
 * The names under which the service is reached. A page can point a name of its own to the visitor's
 * machine (DNS rebinding); a browser then takes the service for the page's own site. Such requests
 * name the page's host. Addresses cannot be pointed anywhere, so they are always known. Immutable.
 */
final class HostNames {

  private final boolean all;
  private final ImmutableSet<String> names;

  private HostNames(boolean all, ImmutableSet<String> names) {
    this.all = all;
    this.names = names;
  }

  /**
   * Returns the names of a service.
   *
   * @param host the interface it listens on
   * @param loopback whether that is reached from this machine alone
   * @param names further names; if there are none and other machines reach the service, all names
   *     are known
   */
  static HostNames of(String host, boolean loopback, Collection<String> names) {
    ImmutableSet.Builder<String> known = ImmutableSet.builder();
    known.add(plain(host));
    names.forEach(name -> known.add(plain(name)));
    return new HostNames(names.isEmpty() && !loopback, known.build());
  }

  /** Returns whether requests to a host are for the service. */
  boolean has(String host) {
    String name = plain(host);
    return all
        || name.isEmpty()
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || InetAddresses.isUriInetAddress(name)
        || InetAddresses.isInetAddress(name)
        || names.contains(name);
  }

  /** A name may end with a dot, and letters of both cases are the same. */
  private static String plain(String host) {
    String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
