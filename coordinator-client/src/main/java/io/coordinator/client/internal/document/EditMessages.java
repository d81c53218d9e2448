package io.coordinator.client.internal.document;

import com.google.protobuf.ByteString;
import io.coordinator.client.document.DocumentOperations;
import io.coordinator.client.document.ItemMatch;
import io.coordinator.client.document.Selector;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.codec.Numbers;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.CreatePath;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.RemoveMember;
import io.coordinator.protocol.ReplaceValue;
import io.coordinator.protocol.SetItem;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.SpliceItems;
import io.coordinator.protocol.TakeItem;
import io.coordinator.protocol.UpdateItem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Edits of one place as messages; what becomes of a message is the business of others. */
abstract class EditMessages<R> implements DocumentOperations<R> {
    private final JsonCodec json;
    private final Selector selector;

    EditMessages(JsonCodec json, Selector selector) {
        this.json = json;
        this.selector = selector;
    }

    /**
     * Makes an edit.
     *
     * @param edit fills in the message; fails if a value cannot be written
     */
    abstract R make(Consumer<DocumentEdit.Builder> edit);

    public Selector selector() {
        return selector;
    }

    JsonCodec json() {
        return json;
    }

    private R here(Consumer<DocumentEdit.Builder> operation) {
        return make(edit -> operation.accept(edit.addAllPath(selector.path())));
    }

    @Override
    public R set(String name, @Nullable Object value) {
        return here(edit -> edit.setSet(
                SetMember.newBuilder().setName(Text.wellFormed("name", name)).setValue(json.write(value))));
    }

    @Override
    public R remove(String name) {
        return here(edit -> edit.setRemove(RemoveMember.newBuilder().setName(Text.wellFormed("name", name))));
    }

    @Override
    public R push(@Nullable Object... values) {
        return here(edit -> edit.setPush(AddItems.newBuilder().addAllValues(write(values))));
    }

    @Override
    public R unshift(@Nullable Object... values) {
        return here(edit -> edit.setUnshift(AddItems.newBuilder().addAllValues(write(values))));
    }

    @Override
    public R pop() {
        return here(edit -> edit.setPop(TakeItem.getDefaultInstance()));
    }

    @Override
    public R shift() {
        return here(edit -> edit.setShift(TakeItem.getDefaultInstance()));
    }

    @Override
    public R splice(long start, long count, @Nullable Object... instead) {
        return here(edit -> edit.setSplice(
                SpliceItems.newBuilder().setStart(start).setCount(count).addAllValues(write(instead))));
    }

    @Override
    public R removeItem(@Nullable Object item) {
        return removeItem(item, ItemMatch.deep());
    }

    @Override
    public R removeItem(@Nullable Object item, ItemMatch match) {
        return here(edit -> {
            RemoveItem.Builder remove =
                    RemoveItem.newBuilder().setItem(json.write(item)).setComparison(comparison(match));
            match.key().ifPresent(remove::setKey);
            edit.setRemoveItem(remove);
        });
    }

    @Override
    public R updateItem(@Nullable Object item, @Nullable Object update, ItemMatch match) {
        return updateItem(item, update, match, false);
    }

    @Override
    public R replaceItem(@Nullable Object item, @Nullable Object replacement, ItemMatch match) {
        return updateItem(item, replacement, match, true);
    }

    private R updateItem(@Nullable Object item, @Nullable Object with, ItemMatch match, boolean replace) {
        return here(edit -> {
            UpdateItem.Builder update = UpdateItem.newBuilder()
                    .setItem(json.write(item))
                    .setUpdate(json.write(with))
                    .setComparison(comparison(match))
                    .setReplace(replace);
            match.key().ifPresent(update::setKey);
            edit.setUpdateItem(update);
        });
    }

    @Override
    public R setIndex(long index, @Nullable Object value) {
        return here(edit -> edit.setSetItem(SetItem.newBuilder().setIndex(index).setValue(json.write(value))));
    }

    @Override
    public R insert(long index, @Nullable Object value) {
        return here(
                edit -> edit.setInsertItem(SetItem.newBuilder().setIndex(index).setValue(json.write(value))));
    }

    /** At the root there is always something to replace. */
    @Override
    public R replace(@Nullable Object value) {
        return here(edit -> edit.setReplace(ReplaceValue.newBuilder().setValue(json.write(value))));
    }

    @Override
    public R increment(long by) {
        return here(edit -> edit.setIncrement(IncrementNumber.newBuilder().setBy(by)));
    }

    @Override
    public R incrementDecimal(double by) {
        return here(edit -> edit.setIncrement(IncrementNumber.newBuilder().setByDecimal(Numbers.finite("by", by))));
    }

    @Override
    public R merge(@Nullable Object patch) {
        return here(edit -> edit.setMerge(ReplaceValue.newBuilder().setValue(json.write(patch))));
    }

    @Override
    public R createPath() {
        return here(edit -> edit.setCreatePath(CreatePath.getDefaultInstance()));
    }

    private List<ByteString> write(@Nullable Object... values) {
        List<ByteString> texts = new ArrayList<>(values.length);
        for (Object value : values) {
            texts.add(json.write(value));
        }
        return texts;
    }

    private static Comparison comparison(ItemMatch match) {
        return match.isLoose() ? Comparison.LOOSE : Comparison.DEEP;
    }
}
