package io.github.facemask.lab.report;

import com.google.common.collect.ImmutableMap;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites absolute paths in the text of a page, so that the page can be given to others: it does
 * not show the folders of the machine, and its paths hold wherever page and photos are moved
 * together. A path is relative to the page's folder. If both have only the root in common, the path
 * is shortened to its last name. Immutable.
 */
public final class PagePaths {

  /** An absolute path of two names or more inside a text, on Unix or Windows. */
  private static final Pattern INSIDE =
      Pattern.compile(
          "(?<![^\\s\"'=,;(\\[])(?:/[^\\s\"',;()\\[\\]/]+/|[A-Za-z]:[\\\\/])[^\\s\"',;()\\[\\]]*");

  private static final String SHORTENED = "\u2026/";

  private final Path folder;

  private PagePaths(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the paths of a page.
   *
   * @param page the page's file, which need not exist
   */
  public static PagePaths of(Path page) {
    Path absolute = page.toAbsolutePath().normalize();
    return new PagePaths(absolute.getParent() == null ? absolute : absolute.getParent());
  }

  /**
   * Returns a text without absolute paths.
   *
   * @param text any text, for instance a path or a command
   */
  public String relative(String text) {
    if (text.indexOf('/') < 0 && text.indexOf('\\') < 0) {
      return text;
    }
    if (text.indexOf('\n') < 0 && isPath(text)) {
      return shown(text);
    }
    String known = text;
    for (Path root : List.of(folder, Path.of("").toAbsolutePath())) {
      // Known folders are replaced first because their names may have spaces.
      if (root.getNameCount() > 0) {
        known = known.replace(root + "/", prefix(root)).replace(root + "\\", prefix(root));
      }
    }
    Matcher matcher = INSIDE.matcher(known);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(result, Matcher.quoteReplacement(shown(matcher.group())));
    }
    return matcher.appendTail(result).toString();
  }

  private static boolean isPath(String text) {
    try {
      Path path = Path.of(text);
      // One line of words may begin with a path but does not name a file.
      return path.isAbsolute() && path.getNameCount() > 0 && text.equals(path.toString());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private String prefix(Path root) {
    String to = shown(root.toString());
    return to.equals(".") ? "" : to + "/";
  }

  private String shown(String absolute) {
    Path path;
    try {
      path = Path.of(absolute).normalize();
    } catch (InvalidPathException e) {
      return SHORTENED + last(absolute);
    }
    Path root = folder.getRoot();
    boolean shared =
        path.isAbsolute()
            && path.getNameCount() > 0
            && folder.getNameCount() > 0
            && path.getRoot().equals(root)
            && path.getName(0).equals(folder.getName(0));
    if (!shared) {
      return SHORTENED + last(absolute);
    }
    String relative = folder.relativize(path).toString().replace('\\', '/');
    return relative.isEmpty() ? "." : relative;
  }

  private static String last(String path) {
    String[] names = path.split("[/\\\\]", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      if (!names[i].isEmpty()) {
        return names[i];
      }
    }
    return path;
  }

  /** Returns a section whose texts have no absolute paths. */
  Section of(Section section) {
    if (section instanceof Section.Text text) {
      return new Section.Text(relative(text.title()), all(text.paragraphs()));
    }
    if (section instanceof Section.Numbers numbers) {
      return new Section.Numbers(
          relative(numbers.title()),
          numbers.numbers().stream()
              .map(
                  n ->
                      new Section.Figure(
                          relative(n.label()), relative(n.value()), relative(n.note())))
              .toList());
    }
    if (section instanceof Section.Facts facts) {
      Map<String, String> values = new LinkedHashMap<>();
      facts.facts().forEach((name, value) -> values.put(name, relative(value)));
      return new Section.Facts(relative(facts.title()), ImmutableMap.copyOf(values));
    }
    if (section instanceof Section.Table table) {
      return new Section.Table(
          relative(table.title()),
          all(table.columns()),
          table.rows().stream().map(this::all).toList());
    }
    if (section instanceof Section.Bars bars) {
      return new Section.Bars(
          relative(bars.title()),
          relative(bars.note()),
          bars.bars().stream()
              .map(
                  b ->
                      new Section.Bar(relative(b.label()), b.value(), relative(b.text()), b.mark()))
              .toList());
    }
    if (section instanceof Section.Pictures pictures) {
      return new Section.Pictures(
          relative(pictures.title()), relative(pictures.note()), cards(pictures.pictures()));
    }
    return section instanceof Section.Photos photos
        ? new Section.Photos(relative(photos.title()), cards(photos.photos()))
        : section; // charts and matrices name runs and classes
  }

  private List<String> all(List<String> texts) {
    return texts.stream().map(this::relative).toList();
  }

  private List<PhotoCard> cards(List<PhotoCard> cards) {
    List<PhotoCard> changed = new ArrayList<>();
    for (PhotoCard card : cards) {
      changed.add(
          new PhotoCard(card.image(), all(card.caption()), card.tone(), relative(card.problem())));
    }
    return changed;
  }
}
