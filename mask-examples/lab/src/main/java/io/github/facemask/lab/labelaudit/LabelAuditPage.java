package io.github.facemask.lab.labelaudit;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import freemarker.cache.ClassTemplateLoader;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import io.github.facemask.curation.LabelAudit;
import io.github.facemask.curation.LabelAudit.DoubtfulLabel;
import io.github.facemask.dataset.LabelFixes.Fix;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.lab.report.ClassName;
import io.github.facemask.lab.report.PagePaths;
import io.github.facemask.lab.report.PhotoCard;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes an audit of labels as one self-contained HTML page with the doubtful photos, the most
 * doubtful first. The user marks wrong labels and saves the decisions as a file for {@link
 * io.github.facemask.dataset.LabelFixes#read}. The data are not changed.
 */
public final class LabelAuditPage {

  private LabelAuditPage() {}

  /**
   * Writes the page.
   *
   * @param audit the audit
   * @param file the page to write or replace
   * @param most the largest number of photos to show, the most doubtful first; 1 or more
   * @throws IOException if the page cannot be written; unreadable photos are marked on the page
   */
  public static void write(LabelAudit audit, Path file, int most) throws IOException {
    check(most >= 1, "most", most, "1 or more");
    String source = "label audit of " + String.join(" ", audit.runs());
    PagePaths paths = PagePaths.of(file);
    List<DoubtfulLabel> shown = audit.doubtful().stream().limit(most).toList();
    Map<String, Object> model =
        ImmutableMap.<String, Object>builder()
            .put("cards", shown.parallelStream().map(d -> card(d, source, paths)).toList())
            .put("photos", audit.photos())
            .put("doubtful", audit.doubtful().size())
            .put("noise", String.format(Locale.ROOT, "%.1f", 100 * audit.estimatedNoise()))
            .put("runs", String.join(", ", audit.runs()))
            .buildOrThrow();
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          try {
            configuration().getTemplate("label-audit.ftlh").process(model, writer);
          } catch (TemplateException e) {
            throw new IOException("the label audit's template failed: " + e.getMessage(), e);
          }
          writer.flush();
        });
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setTemplateLoader(new ClassTemplateLoader(LabelAuditPage.class, ""));
    configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
    configuration.setLocale(Locale.ROOT);
    configuration.setNumberFormat("computer");
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    configuration.setLogTemplateExceptions(false);
    return configuration;
  }

  private static Map<String, Object> card(DoubtfulLabel doubt, String source, PagePaths paths) {
    PhotoCard photo = PhotoCard.of(doubt.photo().photo().file(), PhotoCard.Tone.PLAIN);
    return ImmutableMap.<String, Object>builder()
        .put("id", doubt.photo().photo().id())
        .put("name", paths.relative(doubt.photo().photo().id()))
        .put("person", doubt.photo().person())
        .put("image", photo.image().orElse(""))
        .put("problem", photo.problem())
        .put("label", ClassName.brief(doubt.photo().label()))
        .put("suggested", ClassName.brief(doubt.suggested()))
        .put("probability", percent(doubt.probability()))
        .put("suggestedProbability", percent(doubt.suggestedProbability()))
        .put("fixes", doubt.fixes(source).stream().map(LabelAuditPage::fix).toList())
        .build();
  }

  private static Map<String, Object> fix(Fix fix) {
    String words = fix.old().replace('_', ' ') + " \u2192 " + fix.corrected().replace('_', ' ');
    String field = fix.field().name().toLowerCase(Locale.ROOT);
    return ImmutableMap.of("words", words, "field", field, "line", line(fix, field));
  }

  private static String line(Fix fix, String field) {
    StringWriter line = new StringWriter();
    try {
      CSVFormat format = CSVFormat.RFC4180.builder().setRecordSeparator("").get();
      new CSVPrinter(line, format)
          .printRecord(fix.id(), field, fix.old(), fix.corrected(), fix.source());
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot be written to", e);
    }
    return line.toString();
  }

  private static String percent(double probability) {
    return String.format(Locale.ROOT, "%.1f", 100 * probability);
  }
}
