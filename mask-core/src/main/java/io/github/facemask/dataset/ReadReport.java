package io.github.facemask.dataset;

import java.util.List;

/**
 * What a reader met.
 *
 * @param problems what is wrong; each cost at least one photo if the reader went on
 * @param notes what is odd and was taken as it is
 * @param junk how many files and folders of other programs were passed over
 */
public record ReadReport(List<ReadProblem> problems, List<ReadProblem> notes, int junk) {

  private static final int SHOWN = 5;

  /** Copies the lists. */
  public ReadReport {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** Returns whether nothing is wrong. */
  public boolean clean() {
    return problems.isEmpty();
  }

  /** Returns the number of problems and the first of them, a line each. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    text.append(problems.size()).append(problems.size() == 1 ? " problem" : " problems");
    problems.stream().limit(SHOWN).forEach(p -> text.append("\n  ").append(p));
    if (problems.size() > SHOWN) {
      text.append("\n  and ").append(problems.size() - SHOWN).append(" more");
    }
    return text.toString();
  }
}
