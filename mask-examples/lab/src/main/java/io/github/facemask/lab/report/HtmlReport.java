package io.github.facemask.lab.report;

import static com.google.common.base.Preconditions.checkArgument;

import freemarker.cache.ClassTemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import io.github.facemask.internal.files.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A report in one self-contained HTML file with styles, charts and photos. It loads nothing and
 * runs no script. The layout also suits phones and follows the light or dark mode of the browser.
 * All text is escaped.
 */
public final class HtmlReport {

  private final String title;
  private final String subtitle;
  private final List<Section> sections;

  private HtmlReport(Builder builder) {
    this.title = builder.title;
    this.subtitle = builder.subtitle;
    this.sections = List.copyOf(builder.sections);
  }

  /**
   * Starts a page.
   *
   * @param title the page's title
   */
  public static Builder builder(String title) {
    return new Builder(Objects.requireNonNull(title, "title"));
  }

  /** Returns the page as HTML, with paths as if it were in the current folder. */
  public String html() {
    return html(PagePaths.of(Path.of("page.html")));
  }

  private String html(PagePaths paths) {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setTemplateLoader(new ClassTemplateLoader(HtmlReport.class, ""));
    configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    configuration.setLocale(Locale.ROOT);
    configuration.setNumberFormat("computer");
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    StringWriter page = new StringWriter();
    try {
      configuration.getTemplate("report.ftlh").process(model(paths), page);
    } catch (TemplateException e) {
      throw new IllegalStateException("the report's template is broken: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return page.toString();
  }

  /**
   * Writes the page. Its texts have no absolute paths; see {@link PagePaths}.
   *
   * @param file the file to write or replace
   * @throws IOException if it cannot be written; then the file is unchanged
   */
  public void write(Path file) throws IOException {
    AtomicFile.writeText(file, html(PagePaths.of(file)));
  }

  private Map<String, Object> model(PagePaths paths) {
    List<Map<String, Object>> parts = new ArrayList<>();
    for (Section absolute : sections) {
      Section section = paths.of(absolute);
      Map<String, Object> part = new LinkedHashMap<>();
      part.put("kind", section.getClass().getSimpleName().toLowerCase(Locale.ROOT));
      part.put("section", section);
      if (section instanceof Section.Matrix matrix) {
        part.put("rows", MatrixRow.of(matrix));
      }
      parts.add(part);
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("title", paths.relative(title));
    model.put("subtitle", paths.relative(subtitle));
    model.put("parts", parts);
    return model;
  }

  /** Collects the parts of a page. */
  public static final class Builder {

    private final String title;
    private final List<Section> sections = new ArrayList<>();
    private String subtitle = "";

    private Builder(String title) {
      this.title = title;
    }

    /** Sets a line below the title, for instance the run and the date. */
    public Builder optSubtitle(String subtitle) {
      this.subtitle = Objects.requireNonNull(subtitle, "subtitle");
      return this;
    }

    /** Adds a section at the end. */
    public Builder add(Section section) {
      sections.add(Objects.requireNonNull(section, "section"));
      return this;
    }

    /** Adds sections at the end. */
    public Builder addAll(List<? extends Section> more) {
      more.forEach(this::add);
      return this;
    }

    /**
     * Returns the page.
     *
     * @throws IllegalArgumentException if it has no title or no sections
     */
    public HtmlReport build() {
      checkArgument(!title.isBlank(), "title is empty, expected some words");
      checkArgument(!sections.isEmpty(), "the page '%s' has no sections, expected one", title);
      return new HtmlReport(this);
    }
  }
}
