package io.coordinator.testing.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.BatchOutcome;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.history.DocumentModel;
import io.coordinator.testing.history.DocumentModel.Content;
import io.coordinator.testing.history.DocumentModel.Input;
import io.coordinator.testing.history.DocumentModel.Output;
import io.coordinator.testing.history.DocumentModel.Stamped;
import io.coordinator.testing.history.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** Documents that are opened, edited, read as a whole and in part, and deleted; and watched. */
final class Edits implements Workload {
    private final Watches<Input, Output> watches;
    private final Generations<DocumentModel.State, Input, Output> documents;

    Edits(String prefix, Checks checks, Tally tally) {
        String ids = prefix + "-document-";
        watches = new Watches<>(WatchOptions.documentPrefix(ids), Edits::fault, checks);
        documents = new Generations<>(ids, new DocumentModel(), checks, tally.of(kind()), watches);
    }

    Watches<Input, Output> watches() {
        return watches;
    }

    @Override
    public String kind() {
        return "documents";
    }

    @Override
    public void step(CoordinatorClient client, String name, Random random) {
        documents.use(one -> {
            Document document = client.documents().handle(one.key());
            switch (random.nextInt(4)) {
                case 0 -> create(client, one, name, random);
                case 1 -> read(document, one, name, random);
                case 2 -> editOne(document, one, name, random);
                default -> editSeveral(document, one, name, random);
            }
        });
    }

    /** Also deletes, but seldom: a document that is not there teaches little. */
    private static void create(CoordinatorClient client, Generation<Input, Output> one, String name, Random random) {
        if (random.nextInt(4) == 0) {
            one.record(
                    name,
                    new Input.Delete(),
                    () -> new Output.Deleted(
                            client.documents().handle(one.key()).delete()));
            return;
        }
        Content content = new Content(random.nextInt(9), Parts.value(name), List.of());
        one.record(
                name,
                new Input.Create(content),
                () -> new Output.Created(client.documents()
                        .open(one.key(), OpenOptions.defaults().initialContent(json(content)))
                        .created()));
    }

    private static void read(Document document, Generation<Input, Output> one, String name, Random random) {
        switch (random.nextInt(3)) {
            case 0 ->
                one.record(
                        name,
                        new Input.ReadCount(),
                        () -> new Output.Count(document.at("n").get().map(JsonNode::longValue)));
            case 1 ->
                one.record(
                        name,
                        new Input.ReadStamp(),
                        () -> new Output.Stamp(document.info().map(Edits::stamped)));
            default ->
                one.record(
                        name,
                        new Input.Read(),
                        () -> new Output.Seen(document.get().map(Edits::content)));
        }
    }

    private static void editOne(Document document, Generation<Input, Output> one, String name, Random random) {
        String value = Parts.value(name);
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                long by = 1L + random.nextInt(3);
                edit(
                        one,
                        name,
                        new Input.Add(by),
                        () -> new Output.NewNumber(value(document.at("n").increment(by))
                                .orElseThrow()
                                .longValue()));
            }
            case 2 ->
                edit(one, name, new Input.SetText(value), () -> {
                    applied(document.set("text", value));
                    return new Output.Done();
                });
            case 3 ->
                edit(
                        one,
                        name,
                        new Input.Push(value),
                        () -> new Output.NewNumber(
                                applied(document.at("items").push(value)).length()));
            default -> {
                boolean first = random.nextBoolean();
                edit(
                        one,
                        name,
                        new Input.Take(first),
                        () -> new Output.Taken(value(
                                        first
                                                ? document.at("items").shift()
                                                : document.at("items").pop())
                                .map(JsonNode::textValue)));
            }
        }
    }

    private static void editSeveral(Document document, Generation<Input, Output> one, String name, Random random) {
        String value = Parts.value(name);
        switch (random.nextInt(3)) {
            case 0 ->
                edit(
                        one,
                        name,
                        new Input.Batch(1, value),
                        () -> stamp(document.batch(batch -> {
                            batch.at("n").increment(1);
                            batch.at("items").push(value);
                        })));
            case 1 -> patch(document, one, name, value, random);
            default -> compareAndReplace(document, one, name, value, random);
        }
    }

    private static void patch(
            Document document, Generation<Input, Output> one, String name, String value, Random random) {
        String expected = random.nextInt(4) == 0
                ? "something else"
                : Parts.attempt(() -> document.at("text").get())
                        .flatMap(text -> text.map(JsonNode::textValue))
                        .orElse("");
        edit(one, name, new Input.Patch(expected, value, value), () -> {
            try {
                return stamp(document.patch(JsonNodeFactory.instance
                        .arrayNode()
                        .add(operation("add", "/items/-", value))
                        .add(operation("test", "/text", expected))
                        .add(operation("replace", "/text", value))));
            } catch (BatchException e) {
                return new Output.NotAsExpected();
            }
        });
    }

    private static JsonNode operation(String op, String path, String value) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("op", op)
                .put("path", path)
                .put("value", value);
    }

    private static void compareAndReplace(
            Document document, Generation<Input, Output> one, String name, String value, Random random) {
        long revision = Parts.attempt(document::info)
                .flatMap(info -> info.map(DocumentInfo::revision))
                .orElse(1L);
        Content content = new Content(random.nextInt(9), value, List.of(value));
        edit(one, name, new Input.CompareAndReplace(revision, content), () -> {
            try {
                return stamp(document.compareAndReplace(revision, json(content)));
            } catch (ConflictException e) {
                return new Output.NotAsExpected();
            }
        });
    }

    private static Optional<Output> edit(
            Generation<Input, Output> one, String name, Input input, Supplier<? extends Output> edit) {
        return one.record(name, input, () -> {
            try {
                return edit.get();
            } catch (KeyNotFoundException e) {
                return new Output.Missing();
            }
        });
    }

    private static Map<String, Object> json(Content content) {
        return Map.of("n", content.count(), "text", content.text(), "items", content.items());
    }

    private static Content content(JsonNode json) {
        List<String> items = new ArrayList<>();
        json.get("items").forEach(item -> items.add(item.textValue()));
        return new Content(json.get("n").longValue(), json.get("text").textValue(), items);
    }

    private static Optional<JsonNode> value(EditOutcome outcome) {
        if (outcome instanceof EditOutcome.NotApplied) {
            throw new IllegalStateException("an edit that always can be made was not: " + outcome);
        }
        return outcome.value();
    }

    private static EditOutcome.Applied applied(EditOutcome outcome) {
        if (outcome instanceof EditOutcome.Applied applied) {
            return applied;
        }
        throw new IllegalStateException("an edit that always can be made was not: " + outcome);
    }

    private static Output stamp(BatchOutcome outcome) {
        return new Output.Stamp(Optional.of(stamped(outcome.info())));
    }

    private static Stamped stamped(DocumentInfo info) {
        return new Stamped(info.version(), info.revision());
    }

    /** As for entries: the last document is only created. */
    @Override
    public void finish(CoordinatorClient client) {
        documents.finish();
        long last = watches.newest();
        documents.use(one -> one.record(
                "last",
                new Input.Create(new Content(0, "", List.of())),
                () -> new Output.Created(client.documents()
                        .open(one.key(), OpenOptions.defaults().initialContent(json(new Content(0, "", List.of()))))
                        .created())));
        documents.finish();
        watches.await(last);
    }

    /** Every acknowledged edit is heard, those with a revision under it, and no more than nobody knows of. */
    private static Optional<String> fault(List<Operation<Input, Output>> operations, List<ChangeEvent> heard) {
        Set<Long> revisions = new HashSet<>();
        heard.forEach(event -> revisions.add(event.revision()));
        long told = 0;
        long unknown = 0;
        for (Operation<Input, Output> operation : operations) {
            Output output = operation.output().orElse(null);
            if (output instanceof Output.Stamp stamp
                    && !(operation.input() instanceof Input.ReadStamp)
                    && !revisions.contains(stamp.stamp().orElseThrow().revision())) {
                return Optional.of("it did not hear of " + operation);
            }
            unknown += output == null ? 1 : 0;
            told += output != null && isChange(operation.input(), output) ? 1 : 0;
        }
        return heard.size() < told || heard.size() > told + unknown
                ? Optional.of("it heard " + heard.size() + " changes, but " + told + " were acknowledged and " + unknown
                        + " may have been made")
                : Optional.empty();
    }

    private static boolean isChange(Input input, Output output) {
        if (output instanceof Output.Created created) {
            return created.created();
        }
        if (output instanceof Output.Deleted deleted) {
            return deleted.existed();
        }
        if (output instanceof Output.Taken taken) {
            return taken.item().isPresent();
        }
        return output instanceof Output.NewNumber
                || output instanceof Output.Done
                || (output instanceof Output.Stamp && !(input instanceof Input.ReadStamp));
    }
}
