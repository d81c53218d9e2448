package io.coordinator.testing.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.transaction.TransactionWrites;
import io.coordinator.testing.history.GroupModel;
import io.coordinator.testing.history.GroupModel.Input;
import io.coordinator.testing.history.GroupModel.Output;
import io.coordinator.testing.history.GroupModel.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A few keys that are written together: three texts, a number, and a number in a document. Some transactions have a write
 * that cannot be made, so that nothing of them may stay.
 */
final class Transactions implements Workload {
    private static final List<String> TEXTS = List.of("a", "b", "c");
    private static final String NUMBER = "n";
    private static final String DOCUMENT = "d";

    private final Generations<Map<String, String>, Input, Output> groups;

    Transactions(String prefix, Checks checks, Tally tally) {
        groups = new Generations<>(prefix + "-group-", new GroupModel(), checks, tally.of(kind()), null);
    }

    @Override
    public String kind() {
        return "transactions";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        groups.use(group -> {
            switch (random.nextInt(8)) {
                case 0 -> readDocument(client, group, name);
                case 1 -> putAll(client.cache(), group, name);
                case 2, 3, 4 -> commit(client, group, name, random);
                default -> readAll(client.cache(), group, name);
            }
        });
    }

    private static String key(Generation<Input, Output> group, String member) {
        return group.key() + "-" + member;
    }

    private static void readAll(Cache cache, Generation<Input, Output> group, String name) {
        List<String> members = new ArrayList<>(TEXTS);
        members.add(NUMBER);
        group.record(name, new Input.Read(members), () -> {
            Map<String, Entry> read = cache.getAll(
                    members.stream().map(member -> key(group, member)).toList());
            Map<String, String> values = new TreeMap<>();
            read.forEach((key, entry) -> values.put(key.substring(key.length() - 1), Parts.text(entry)));
            return new Output.Values(values);
        });
    }

    private static void readDocument(CoordinatorClient client, Generation<Input, Output> group, String name) {
        group.record(name, new Input.Read(List.of(DOCUMENT)), () -> {
            Optional<JsonNode> number =
                    client.documents().handle(key(group, DOCUMENT)).at(NUMBER).get();
            return new Output.Values(
                    number.map(value -> Map.of(DOCUMENT, value.asText())).orElse(Map.of()));
        });
    }

    private static void putAll(Cache cache, Generation<Input, Output> group, String name) {
        String value = Parts.value(name);
        List<Write> writes = TEXTS.stream()
                .<Write>map(member -> new Write.Put(member, value))
                .toList();
        group.record(name, new Input.Commit(Map.of(), writes, List.of()), () -> {
            Map<String, String> values = new TreeMap<>();
            TEXTS.forEach(member -> values.put(key(group, member), value));
            cache.putAll(values);
            return new Output.Committed(true);
        });
    }

    private static void commit(CoordinatorClient client, Generation<Input, Output> group, String name, Random random) {
        Map<String, Optional<String>> expected = expected(client.cache(), group, random);
        List<Write> then = writes(name, random);
        List<Write> otherwise = random.nextBoolean() ? List.of() : writes(name, random);
        // A document that nobody has opened refuses every edit, which is worth a try, but not more.
        if (random.nextInt(10) == 0) {
            createDocument(client, group, name);
        }
        group.record(name, new Input.Commit(expected, then, otherwise), () -> {
            Transaction transaction = client.transaction();
            expected.forEach((member, value) -> transaction.whenCache(
                    key(group, member), value.map(Transactions::expect).orElse(Expect.absent())));
            transaction.then(writes -> add(writes, group, then));
            transaction.otherwise(writes -> add(writes, group, otherwise));
            try {
                return new Output.Committed(transaction.commit().held());
            } catch (BatchException e) {
                return new Output.Refused();
            }
        });
    }

    /** Opening one that exists changes nothing: as a transaction that expects it to be absent. */
    private static void createDocument(CoordinatorClient client, Generation<Input, Output> group, String name) {
        Input create =
                new Input.Commit(Map.of(DOCUMENT, Optional.empty()), List.of(new Write.Put(DOCUMENT, "0")), List.of());
        group.record(
                name,
                create,
                () -> new Output.Committed(client.documents()
                        .open(key(group, DOCUMENT), OpenOptions.defaults().initialContent(Map.of(NUMBER, 0)))
                        .created()));
    }

    private static Map<String, Optional<String>> expected(Cache cache, Generation<Input, Output> group, Random random) {
        if (random.nextInt(3) == 0) {
            return Map.of();
        }
        String member = TEXTS.get(random.nextInt(TEXTS.size()));
        Optional<String> value = random.nextInt(4) == 0
                ? Optional.empty()
                : Parts.attempt(() -> cache.get(key(group, member))).flatMap(entry -> entry.map(Parts::text));
        return Map.of(member, value);
    }

    /** An increment of an absent text makes a number of it. */
    private static Expect expect(String value) {
        return Expect.value(value.contains("-") ? value : Long.valueOf(value));
    }

    private static List<Write> writes(String name, Random random) {
        List<Write> writes = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String member = TEXTS.get(random.nextInt(TEXTS.size()));
            writes.add(
                    switch (random.nextInt(5)) {
                        case 0 -> new Write.Delete(member);
                        case 1 -> new Write.Add(NUMBER, 1);
                        case 2 -> new Write.AddToPresent(DOCUMENT, 1);
                        default -> new Write.Put(member, Parts.value(name));
                    });
        }
        if (random.nextInt(4) == 0) {
            // Texts have a dash and are no numbers; it can be made only if there is none.
            writes.add(new Write.Add(TEXTS.get(random.nextInt(TEXTS.size())), 1));
        }
        return writes;
    }

    private static void add(TransactionWrites writes, Generation<Input, Output> group, List<Write> chosen) {
        for (Write write : chosen) {
            if (write instanceof Write.Put put) {
                writes.put(key(group, put.member()), put.value());
            } else if (write instanceof Write.Delete delete) {
                writes.delete(key(group, delete.member()));
            } else if (write instanceof Write.Add add) {
                writes.increment(key(group, add.member()), add.by());
            } else if (write instanceof Write.AddToPresent add) {
                writes.edit(key(group, add.member()), edits -> edits.at(NUMBER).increment(add.by()));
            }
        }
    }

    @Override
    public void finish(CoordinatorClient client) {
        groups.finish();
    }
}
