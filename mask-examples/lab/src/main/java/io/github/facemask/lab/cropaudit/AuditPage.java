package io.github.facemask.lab.cropaudit;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.lab.report.PagePaths;
import io.github.facemask.lab.report.PhotoCard;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes an audit as one self-contained HTML page: a contact sheet with filters, worst crops first.
 * The user accepts crops, rejects them or draws boxes, and saves the decisions as a file for {@link
 * io.github.facemask.facecrop.CropReview}. Photos are not changed.
 */
public final class AuditPage {

  private static final int THUMBNAIL_HEIGHT = 192;
  private static final int THUMBNAIL_QUALITY = 70;

  private AuditPage() {}

  /**
   * Writes the page.
   *
   * @param audit the audit
   * @param file the page to write or replace
   * @param most the largest number of crops to show, worst first; a thousand take about 8 MB
   * @throws IOException if the page cannot be written; an unreadable photo is marked on the page
   */
  public static void write(CropAudit audit, Path file, int most) throws IOException {
    check(most >= 1, "most", most, "at least 1");
    List<AuditedCrop> shown = audit.crops().stream().limit(most).toList();
    PagePaths paths = PagePaths.of(file);
    List<Map<String, Object>> cards =
        shown.parallelStream().map(crop -> card(crop, paths)).toList();
    Map<String, Object> model =
        ImmutableMap.of(
            "cards",
            cards,
            "total",
            audit.crops().size(),
            "flagged",
            audit.flagged().size(),
            "flags",
            Arrays.stream(Flag.values())
                .map(
                    flag ->
                        ImmutableMap.of(
                            "name", flag.name(),
                            "words", flag.words(),
                            "count", audit.counts().get(flag)))
                .toList());
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          try {
            configuration().getTemplate("audit.ftlh").process(model, writer);
          } catch (TemplateException e) {
            throw new IOException("the audit's template failed: " + e.getMessage(), e);
          }
          writer.flush();
        });
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassForTemplateLoading(AuditPage.class, "");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setLocale(Locale.ROOT);
    configuration.setNumberFormat("computer");
    configuration.setOutputFormat(HTMLOutputFormat.INSTANCE);
    return configuration;
  }

  private static Map<String, Object> card(AuditedCrop crop, PagePaths paths) {
    CropDecision decision = crop.decision();
    ImmutableMap.Builder<String, Object> card = ImmutableMap.builder();
    card.put("id", crop.photo().id());
    card.put("name", paths.relative(crop.photo().id()));
    card.put("person", crop.person());
    card.put("height", decision.height());
    card.put("width", decision.width());
    try {
      card.put("thumbnail", thumbnail(crop.photo().file()));
      card.put("problem", "");
    } catch (IOException e) {
      card.put("thumbnail", "");
      card.put("problem", PhotoCard.problem(crop.photo().file(), e));
    }
    card.put("crop", rectangle(decision.crop()));
    card.put("faces", decision.faces().stream().map(face -> rectangle(face.box())).toList());
    card.put("rule", decision.rule().name());
    card.put("reason", decision.reason());
    card.put("severity", String.format(Locale.ROOT, "%.1f", crop.severity()));
    card.put("flags", crop.flags().keySet().stream().map(Flag::words).toList());
    card.put(
        "flagNames",
        crop.flags().keySet().stream().map(Flag::name).collect(Collectors.joining(" ")));
    return card.build();
  }

  private static Map<String, Object> rectangle(Box box) {
    return ImmutableMap.of(
        "x", Math.round(box.left()),
        "y", Math.round(box.top()),
        "w", Math.round(box.width()),
        "h", Math.round(box.height()));
  }

  /** Returns the photo as a data URI, or throws if it cannot be decoded. */
  private static String thumbnail(Path file) throws IOException {
    Pixels photo = PhotoDecoder.builder().optMaxPixels(500_000_000).build().decode(file);
    int height = Math.min(THUMBNAIL_HEIGHT, photo.height());
    int width = Math.max(1, photo.width() * height / photo.height());
    Pixels small = Resampler.resize(photo, height, width, Interpolation.BILINEAR);
    return PhotoEncoder.jpegDataUri(small, THUMBNAIL_QUALITY);
  }
}
