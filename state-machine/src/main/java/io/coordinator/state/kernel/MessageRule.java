package io.coordinator.state.kernel;

import com.google.protobuf.Internal.EnumLite;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules of one message type and, through its fields, of all that it can contain. */
final class MessageRule {
    private static final FieldRule[] NONE = {};

    private FieldRule[] fields = NONE;
    private OneofRule[] oneofs = {};

    /** What one field must satisfy. */
    interface FieldRule {
        void admit(Message message, Check check);
    }

    /** Only the field that is set is looked at. */
    private static final class OneofRule {
        private final Function<Message, EnumLite> caseOf;
        private final @Nullable FieldRule[] byNumber;

        OneofRule(Function<Message, EnumLite> caseOf, @Nullable FieldRule[] byNumber) {
            this.caseOf = caseOf;
            this.byNumber = byNumber;
        }

        void admit(Message message, Check check) {
            int number = caseOf.apply(message).getNumber();
            FieldRule rule = number < byNumber.length ? byNumber[number] : null;
            if (rule != null) {
                rule.admit(message, check);
            }
        }
    }

    /** Collects what is compiled. */
    static final class Builder {
        private final List<FieldRule> fields = new ArrayList<>();
        private final List<OneofRule> oneofs = new ArrayList<>();

        void field(FieldRule rule) {
            fields.add(rule);
        }

        /** @param byNumber by the numbers of the fields; null for those without a rule */
        void oneof(Function<Message, EnumLite> caseOf, @Nullable FieldRule[] byNumber) {
            oneofs.add(new OneofRule(caseOf, byNumber));
        }
    }

    /** Once, before any use: a message can contain itself, so its rule exists before it is complete. */
    void complete(Builder builder) {
        fields = builder.fields.toArray(NONE);
        oneofs = builder.oneofs.toArray(new OneofRule[0]);
    }

    void admit(Message message, Check check) {
        check.known(message);
        for (FieldRule field : fields) {
            if (check.hasFailed()) {
                return;
            }
            field.admit(message, check);
        }
        for (OneofRule oneof : oneofs) {
            if (check.hasFailed()) {
                return;
            }
            oneof.admit(message, check);
        }
    }
}
