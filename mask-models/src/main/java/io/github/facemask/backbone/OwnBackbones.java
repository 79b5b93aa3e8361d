package io.github.facemask.backbone;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The custom architectures. An invalid provider is left out and reported as a problem. Immutable.
 *
 * @param byArchitecture the providers, by the names of their architectures
 * @param problems for each provider that was left out: its class, the reason and the remedy
 */
record OwnBackbones(
    ImmutableMap<String, BackboneProvider> byArchitecture, ImmutableList<String> problems) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+");

  /** The number of providers that may fail to load before the search ends. */
  private static final int MOST_FAILURES = 100;

  private static final String SERVICES = "META-INF/services/" + BackboneProvider.class.getName();

  /**
   * Checks providers.
   *
   * @param providers the providers; the iterator may throw {@link ServiceConfigurationError}
   * @param taken the built-in names, which no provider may have
   */
  static OwnBackbones of(Iterator<BackboneProvider> providers, Set<String> taken) {
    Map<String, BackboneProvider> found = new LinkedHashMap<>();
    ImmutableList.Builder<String> problems = ImmutableList.builder();
    int failures = 0;
    while (failures < MOST_FAILURES) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        add(providers.next(), taken, found, problems);
      } catch (ServiceConfigurationError e) {
        failures++;
        problems.add(
            e.getMessage() + cause(e) + "; correct the class, or take it out of " + SERVICES);
      }
    }
    return new OwnBackbones(ImmutableMap.copyOf(found), problems.build());
  }

  private static void add(
      BackboneProvider provider,
      Set<String> taken,
      Map<String, BackboneProvider> found,
      ImmutableList.Builder<String> problems) {
    String type = provider.getClass().getName();
    try {
      String name = provider.architecture();
      if (name == null || !NAME.matcher(name).matches()) {
        problems.add(
            type
                + " names its architecture '"
                + name
                + "', expected lower case letters, digits, - and _; correct the name");
      } else if (taken.contains(name) || found.containsKey(name)) {
        problems.add(
            type + " names its architecture '" + name + "', which is taken; choose another name");
      } else if (provider.preprocessing() == null) {
        problems.add(type + " has no preprocessing; return what its network expects of photos");
      } else {
        found.put(name, provider);
      }
    } catch (RuntimeException | LinkageError e) {
      problems.add(
          type + " fails with " + e + "; correct the class, or take it out of " + SERVICES);
    }
  }

  private static String cause(ServiceConfigurationError error) {
    return error.getCause() == null ? "" : " because of " + error.getCause();
  }
}
