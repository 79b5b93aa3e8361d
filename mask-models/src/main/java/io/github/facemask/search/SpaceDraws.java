package io.github.facemask.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import io.github.facemask.random.RandomStream;
import io.github.facemask.search.Search.Choice;
import io.github.facemask.search.Search.Method;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Range;
import io.github.facemask.search.Search.Trial;
import io.github.facemask.search.Search.Values;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses trials from a space. */
final class SpaceDraws {

  /** Draws for a new combination before the space counts as exhausted. */
  private static final int TRIES = 10_000;

  private static final MathContext DIGITS = new MathContext(4);

  private SpaceDraws() {}

  /** Returns the number of combinations; infinite with a range. */
  static double size(Map<String, Choice> space) {
    double size = 1;
    for (Choice choice : space.values()) {
      size *= choice instanceof Values listed ? listed.values().size() : Double.POSITIVE_INFINITY;
    }
    return size;
  }

  static ImmutableList<Trial> trials(Plan plan) {
    return plan.method() == Method.GRID ? grid(plan) : random(plan);
  }

  private static ImmutableList<Trial> grid(Plan plan) {
    List<String> names = List.copyOf(plan.space().keySet());
    List<List<String>> values = new ArrayList<>();
    for (Choice choice : plan.space().values()) {
      values.add(((Values) choice).values());
    }
    ImmutableList.Builder<Trial> trials = ImmutableList.builder();
    int number = 1;
    for (List<String> each : Lists.cartesianProduct(values)) {
      ImmutableMap.Builder<String, String> own = ImmutableMap.builder();
      for (int i = 0; i < names.size(); i++) {
        own.put(names.get(i), each.get(i));
      }
      trials.add(new Trial(number++, own.buildOrThrow()));
    }
    return trials.build();
  }

  private static ImmutableList<Trial> random(Plan plan) {
    ImmutableList.Builder<Trial> trials = ImmutableList.builder();
    Set<Map<String, String>> drawn = new HashSet<>();
    int wanted = plan.trials().orElseThrow();
    for (int attempt = 0, last = 0; drawn.size() < wanted && attempt - last < TRIES; attempt++) {
      RandomStream random = RandomStream.of(plan.seed(), "search", attempt);
      ImmutableMap.Builder<String, String> values = ImmutableMap.builder();
      plan.space().forEach((name, choice) -> values.put(name, draw(choice, random)));
      ImmutableMap<String, String> own = values.buildOrThrow();
      if (drawn.add(own)) {
        trials.add(new Trial(drawn.size(), own));
        last = attempt;
      }
    }
    return trials.build();
  }

  private static String draw(Choice choice, RandomStream random) {
    if (choice instanceof Values listed) {
      return listed.values().get(random.nextInt(listed.values().size()));
    }
    Range range = (Range) choice;
    // A whole number has the share of the numbers that are rounded to it.
    double half = range.whole() ? 0.5 : 0;
    double low = range.from() - half;
    double high = range.to() + half;
    double u = random.nextDouble();
    double value =
        range.log()
            ? Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low)))
            : low + u * (high - low);
    if (range.whole()) {
      return Long.toString(
          Math.round(Math.min(range.to(), Math.max(range.from(), Math.rint(value)))));
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS);
    double inside = Math.min(range.to(), Math.max(range.from(), rounded.doubleValue()));
    return inside == rounded.doubleValue()
        ? rounded.stripTrailingZeros().toPlainString()
        : BigDecimal.valueOf(inside).stripTrailingZeros().toPlainString();
  }
}
