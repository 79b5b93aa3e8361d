package io.github.facemask.schedule;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/** The same rate always. */
record Constant() implements Schedule {

  @Override
  public double rate(double base, long step, long total) {
    return base;
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "constant");
  }
}
