package io.coordinator.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.CreatePath;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.RemoveMember;
import io.coordinator.protocol.RemoveValue;
import io.coordinator.protocol.ReplaceValue;
import io.coordinator.protocol.SetItem;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.SpliceItems;
import io.coordinator.protocol.TakeItem;
import io.coordinator.protocol.UpdateItem;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Edits in few words. Paths are names and indexes separated by dots. */
final class Editing {
    private Editing() {}

    static Value json(String text) {
        Value value = JsonText.parseIfValid(text(text));
        if (value == null) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    static ByteString text(String json) {
        return ByteString.copyFromUtf8(json);
    }

    static List<String> path(String dotted) {
        return dotted.isEmpty() ? List.of() : List.of(dotted.split("\\.", -1));
    }

    private static DocumentEdit.Builder at(List<String> path) {
        return DocumentEdit.newBuilder().addAllPath(path);
    }

    private static List<ByteString> texts(String... values) {
        return Stream.of(values).map(Editing::text).toList();
    }

    private static ReplaceValue value(String json) {
        return ReplaceValue.newBuilder().setValue(text(json)).build();
    }

    static DocumentEdit set(String path, String name, String json) {
        return at(path(path))
                .setSet(SetMember.newBuilder().setName(name).setValue(text(json)))
                .build();
    }

    static DocumentEdit remove(String path, String name) {
        return at(path(path)).setRemove(RemoveMember.newBuilder().setName(name)).build();
    }

    static DocumentEdit push(String path, String... values) {
        return at(path(path))
                .setPush(AddItems.newBuilder().addAllValues(texts(values)))
                .build();
    }

    static DocumentEdit unshift(String path, String... values) {
        return at(path(path))
                .setUnshift(AddItems.newBuilder().addAllValues(texts(values)))
                .build();
    }

    static DocumentEdit pop(String path) {
        return at(path(path)).setPop(TakeItem.getDefaultInstance()).build();
    }

    static DocumentEdit shift(String path) {
        return at(path(path)).setShift(TakeItem.getDefaultInstance()).build();
    }

    static DocumentEdit splice(String path, long start, long count, String... values) {
        return at(path(path))
                .setSplice(
                        SpliceItems.newBuilder().setStart(start).setCount(count).addAllValues(texts(values)))
                .build();
    }

    static DocumentEdit removeItem(String path, String item, @Nullable String key, Comparison how) {
        RemoveItem.Builder remove = RemoveItem.newBuilder().setItem(text(item)).setComparison(how);
        return at(path(path))
                .setRemoveItem(key == null ? remove : remove.setKey(key))
                .build();
    }

    static DocumentEdit updateItem(String path, String item, @Nullable String key, String with, boolean replace) {
        UpdateItem.Builder update = UpdateItem.newBuilder()
                .setItem(text(item))
                .setUpdate(text(with))
                .setReplace(replace);
        return at(path(path))
                .setUpdateItem(key == null ? update : update.setKey(key))
                .build();
    }

    static DocumentEdit setItem(String path, long index, String json) {
        return at(path(path))
                .setSetItem(SetItem.newBuilder().setIndex(index).setValue(text(json)))
                .build();
    }

    static DocumentEdit insertItem(String path, long index, String json) {
        return at(path(path))
                .setInsertItem(SetItem.newBuilder().setIndex(index).setValue(text(json)))
                .build();
    }

    static DocumentEdit increment(String path, long by) {
        return at(path(path))
                .setIncrement(IncrementNumber.newBuilder().setBy(by))
                .build();
    }

    static DocumentEdit createPath(String path) {
        return at(path(path)).setCreatePath(CreatePath.getDefaultInstance()).build();
    }

    static DocumentEdit replace(List<String> path, String json) {
        return at(path).setReplace(value(json)).build();
    }

    static DocumentEdit add(List<String> path, String json) {
        return at(path).setAdd(value(json)).build();
    }

    static DocumentEdit removeValue(List<String> path) {
        return at(path).setRemoveValue(RemoveValue.getDefaultInstance()).build();
    }

    static DocumentEdit move(List<String> from, List<String> path) {
        return at(path).setMove(MoveValue.newBuilder().addAllFrom(from)).build();
    }

    static DocumentEdit copy(List<String> from, List<String> path) {
        return at(path).setCopy(MoveValue.newBuilder().addAllFrom(from)).build();
    }

    static DocumentEdit test(List<String> path, String json) {
        return at(path).setTest(value(json)).build();
    }

    static DocumentEdit merge(String path, String json) {
        return at(path(path)).setMerge(value(json)).build();
    }

    static Edits.Outcome apply(String json, DocumentEdit... edits) {
        return outcome(json(json), true, edits);
    }

    static Edits.Outcome applyStrictly(String json, DocumentEdit... edits) {
        return outcome(json(json), false, edits);
    }

    static Edits.Outcome outcome(Value root, boolean lenient, DocumentEdit... edits) {
        return (Edits.Outcome) Edits.apply(root, List.of(edits), lenient, Long.MAX_VALUE, Meter.UNMETERED);
    }
}
