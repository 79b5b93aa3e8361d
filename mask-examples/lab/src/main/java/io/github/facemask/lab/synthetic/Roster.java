package io.github.facemask.lab.synthetic;

import io.github.facemask.label.Gender;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Plans the photos of a data set and writes its tables. They have the irregularities of the
 * competition's files: ids with suffixes, a duplicate id, mixed extensions and unrelated files.
 */
final class Roster {

  private static final byte[] JUNK = {0, 5, 22, 7, 0, 2, 0, 0, 'M', 'a', 'c', ' ', 'O', 'S'};
  private static final int ODDITIES_FROM = 20;

  private final Path root;
  private final long seed;

  Roster(Path root, long seed) {
    this.root = root;
    this.seed = seed;
  }

  /** Plans the training photos, and writes train.csv and some unrelated files. */
  List<Session> training(List<Population> people) throws IOException {
    Path images = root.resolve("train/images");
    Files.createDirectories(images);
    StringBuilder table = new StringBuilder("id,gender,race,age,path\n");
    List<Session> sessions = new ArrayList<>();
    List<String> ids = ids(people);
    for (int i = 0; i < people.size(); i++) {
      Population who = people.get(i);
      String gender = who.gender().name().toLowerCase(Locale.ROOT);
      String path = ids.get(i) + "_" + gender + "_Asian_" + who.years();
      table.append(
          String.join(",", ids.get(i), gender, "Asian", String.valueOf(who.years()), path));
      table.append('\n');
      RandomStream random = RandomStream.of(seed, "synthetic files", i);
      String usual = extension(random);
      boolean mixed = random.nextDouble() < 0.01 || i == ODDITIES_FROM;
      List<Session.Target> targets = new ArrayList<>();
      for (int kind = 0; kind < Session.NAMES.size(); kind++) {
        String extension = mixed && kind == 6 ? (usual.equals("png") ? "jpg" : "png") : usual;
        String name = Session.NAMES.get(kind);
        Path file = images.resolve(path).resolve(name + "." + extension);
        targets.add(new Session.Target(kind, path + "/" + name, file));
      }
      if (random.nextDouble() < 0.03 || i == 1) {
        junk(images.resolve(path).resolve("._mask1." + usual));
      }
      sessions.add(session(i, "training", who, targets));
    }
    junk(images.resolve("._" + images.getFileName()));
    Files.createDirectories(images.resolve(".ipynb_checkpoints"));
    Files.writeString(root.resolve("train/train.csv"), table, StandardCharsets.UTF_8);
    return sessions;
  }

  /** Plans the evaluation photos, seven for each person in random order, and writes info.csv. */
  List<Session> evaluation(int photos) throws IOException {
    Path images = root.resolve("eval/images");
    Files.createDirectories(images);
    int people = (photos + 6) / 7;
    RandomStream random = RandomStream.of(seed, "synthetic evaluation people");
    List<Population> population = people == 0 ? List.of() : Population.draw(random, people, 0);
    List<String> names = new ArrayList<>();
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      List<Session.Target> targets = new ArrayList<>();
      for (int kind = 0; kind < Math.min(7, photos - 7 * i); kind++) {
        String name = hex(RandomStream.of(seed, "synthetic evaluation name", i, kind)) + ".jpg";
        names.add(name);
        targets.add(new Session.Target(kind, name, images.resolve(name)));
      }
      sessions.add(session(i, "evaluation", population.get(i), targets));
    }
    int[] order = new int[names.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    RandomStream.of(seed, "synthetic evaluation order").shuffle(order);
    StringBuilder table = new StringBuilder("ImageID,ans\n");
    for (int index : order) {
      table.append(names.get(index)).append(",0\n");
    }
    junk(images.resolve("._images"));
    Files.writeString(root.resolve("eval/info.csv"), table, StandardCharsets.UTF_8);
    return sessions;
  }

  private Session session(int number, String role, Population who, List<Session.Target> targets) {
    Person person = Person.draw(seed, role, number, who.gender(), who.years());
    return new Session(person, number, role, List.copyOf(targets));
  }

  /** Numbers the people. A few get the previous number with a suffix; two share a number. */
  private List<String> ids(List<Population> people) {
    List<String> ids = new ArrayList<>();
    RandomStream random = RandomStream.of(seed, "synthetic ids");
    int number = 0;
    for (int i = 0; i < people.size(); i++) {
      boolean suffixed = random.nextDouble() < 0.015 || i == 7;
      boolean plainBefore = i > 0 && !ids.get(i - 1).contains("-");
      if (suffixed && plainBefore) {
        ids.add(ids.get(i - 1) + "-1");
      } else {
        number += random.nextDouble() < 0.1 ? 2 : 1;
        ids.add(String.format(Locale.ROOT, "%06d", number));
      }
    }
    for (int i = ODDITIES_FROM; i < people.size(); i++) {
      Gender before = people.get(i - 1).gender();
      boolean plain = !ids.get(i - 1).contains("-") && !ids.get(i).contains("-");
      boolean last = i + 1 == people.size() || !ids.get(i + 1).contains("-");
      // Two people with one id must differ in gender, or their folders would be the same.
      if (plain && last && before != people.get(i).gender()) {
        ids.set(i, ids.get(i - 1));
        break;
      }
    }
    return ids;
  }

  private static String extension(RandomStream random) {
    double chance = random.nextDouble();
    if (chance < 0.027) {
      return "png";
    }
    return chance < 0.046 ? "jpeg" : "jpg";
  }

  private static String hex(RandomStream random) {
    byte[] bytes = new byte[20];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void junk(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, JUNK);
  }
}
