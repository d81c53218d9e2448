package io.coordinator.state;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.RemoveValue;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.TakeItem;

/** Edits of documents in few words; a path is one step, or empty for the root. */
final class Edit {
    private Edit() {}

    static DocumentEdit set(String path, String name, String json) {
        return at(path).setSet(SetMember.newBuilder().setName(name).setValue(ByteString.copyFromUtf8(json)))
                .build();
    }

    static DocumentEdit push(String path, String json) {
        return at(path).setPush(AddItems.newBuilder().addValues(ByteString.copyFromUtf8(json)))
                .build();
    }

    static DocumentEdit pop(String path) {
        return at(path).setPop(TakeItem.getDefaultInstance()).build();
    }

    static DocumentEdit copy(String from, String to) {
        MoveValue.Builder copy = MoveValue.newBuilder();
        return at(to).setCopy(from.isEmpty() ? copy : copy.addFrom(from)).build();
    }

    static DocumentEdit removeValue(String path) {
        return at(path).setRemoveValue(RemoveValue.getDefaultInstance()).build();
    }

    static DocumentEdit removeItem(String path, String json) {
        return at(path).setRemoveItem(RemoveItem.newBuilder().setItem(ByteString.copyFromUtf8(json)))
                .build();
    }

    static DocumentEdit increment(String path) {
        return increment(path, 1);
    }

    static DocumentEdit increment(String path, long by) {
        return at(path).setIncrement(IncrementNumber.newBuilder().setBy(by)).build();
    }

    private static DocumentEdit.Builder at(String path) {
        return path.isEmpty()
                ? DocumentEdit.newBuilder()
                : DocumentEdit.newBuilder().addPath(path);
    }
}
