using EmotionXai.Engine.Autodiff;
using EmotionXai.Engine.Backends;
using EmotionXai.Engine.Numerics;
using EmotionXai.Engine.Tensors;

namespace EmotionXai.Engine.Ops;

/// <summary>The fused recurrent sequence: Elman, GRU and LSTM over all time steps.</summary>
internal static class RecurrentOp
{
    /// <summary>
    /// Runs a cell (formulas: <see cref="RecurrentCell"/>) over projections that already hold the input's products, from a zero
    /// state. The way back is backpropagation through time; dW = sum over t of h(t-1)^T dR(t), one product over all steps,
    /// with dR the gradient of h W. NaN propagates in time.
    /// </summary>
    /// <param name="tape">The tape that records it.</param>
    /// <param name="cell">Which cell.</param>
    /// <param name="projection">[batch, time, gates * hidden].</param>
    /// <param name="weights">[hidden, gates * hidden].</param>
    /// <param name="candidateBias">[hidden] for GRU, else null.</param>
    /// <param name="reverse">Whether time runs backwards.</param>
    /// <returns>[batch, time, hidden]: the state after each step.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor Recurrent(this Tape tape, RecurrentCell cell, Tensor projection, Tensor weights, Tensor? candidateBias = null, bool reverse = false)
    {
        const string Op = nameof(Recurrent);
        if (projection.Shape.Rank != 3) ShapeError.BadShape(Op, "projections are [batch, time, gates * hidden]", projection.Shape);
        if (weights.Shape.Rank != 2) ShapeError.BadShape(Op, "weights are [hidden, gates * hidden]", weights.Shape);
        Recurrence shape = new(cell, projection.Shape[0], projection.Shape[1], weights.Shape[0], reverse);
        if (weights.Shape[1] != shape.Gates * shape.Hidden || projection.Shape[2] != weights.Shape[1])
            ShapeError.ShapeMismatch(Op, $"{cell} has {shape.Gates} gates: [batch, time, {shape.Gates} h] and [h, {shape.Gates} h]", projection.Shape, weights.Shape);
        if ((cell == RecurrentCell.Gru) != (candidateBias is not null) || (candidateBias is not null && candidateBias.Shape != new Shape(shape.Hidden)))
            ShapeError.BadShape(Op, "a GRU has a candidate bias of [hidden], no other cell has one", candidateBias?.Shape ?? new Shape());

        bool tracks = projection.TracksGradient || weights.TracksGradient || candidateBias is { TracksGradient: true };
        Tensor states = tape.Output(new Shape(shape.Batch, shape.Time, shape.Hidden), tracks);
        tape.Record(new RecurrentNode(tape, shape, projection, weights, candidateBias, states));
        return states;
    }

    private sealed class RecurrentNode : SteadyNode
    {
        private readonly Tape _tape;
        private readonly Recurrence _shape;
        private readonly Tensor _projection, _weights, _states;
        private readonly Tensor? _candidateBias;
        private readonly IForgetsSteps? _forgetful;
        private readonly Slice _saved;
        private readonly Slice? _spare, _recurrent, _previous;

        public RecurrentNode(Tape tape, Recurrence shape, Tensor projection, Tensor weights, Tensor? candidateBias, Tensor states)
        {
            (_tape, _shape, _projection, _weights, _candidateBias, _states) = (tape, shape, projection, weights, candidateBias, states);
            int units = checked(shape.Batch * shape.Time * shape.Hidden);
            if (!states.TracksGradient && tape.Backend is IForgetsSteps { ForgetsSteps: true } own)
            {
                _forgetful = own;
                return;
            }

            _saved = tape.Scratch(checked(shape.SavedPerUnit * units));
            if (!states.TracksGradient) return;
            _spare = tape.Scratch(shape.Gates * units);
            if (shape.Cell == RecurrentCell.Gru) _recurrent = tape.Scratch(shape.Gates * units);
            if (!weights.TracksGradient) return;

            // The first step's rows stay zero from here on: only the others are ever written.
            _previous = tape.Scratch(units);
            tape.Backend.Fill(_previous.Value, 0);
        }

        public override void Forward()
        {
            if (_forgetful is not null) _forgetful.RecurrentForward(_shape, _projection.Data, _weights.Data, _candidateBias?.Data, _states.Data);
            else _tape.Backend.RecurrentForward(_shape, _projection.Data, _weights.Data, _candidateBias?.Data, _states.Data, _saved);
        }

        public override void Backward()
        {
            if (_tape.IncomingGradient(_states) is not { } dstates) return;
            (Slice Target, bool Accumulate) to = _projection.TracksGradient ? _tape.Contribute(_projection) : (_spare!.Value, false);

            // The primitive replaces; a projection that other ops read too needs the detour over a spare buffer.
            Slice dprojection = to.Accumulate ? _spare!.Value : to.Target;
            _tape.Backend.RecurrentBackward(_shape, _weights.Data, _states.Data, _saved, dstates, dprojection, _recurrent);
            if (to.Accumulate) _tape.Backend.Map(default(Identity), dprojection, to.Target, accumulate: true);

            Slice drecurrent = _recurrent ?? dprojection;
            int rows = _shape.Batch * _shape.Time, hidden = _shape.Hidden, columns = _shape.Gates * hidden;
            if (_weights.TracksGradient)
            {
                ShiftStates(_previous!.Value);
                (Slice dweights, bool accumulate) = _tape.Contribute(_weights);
                _tape.Backend.Multiply(
                    new MatrixProduct(hidden, columns, rows, TransposeA: true, TransposeB: false, accumulate), _previous!.Value, drecurrent, null, dweights);
            }

            if (_candidateBias is { TracksGradient: true })
            {
                // The candidate is the last of GRU's three gates; its columns of dR, summed over all rows.
                (Slice dbias, bool accumulate) = _tape.Contribute(_candidateBias);
                Slice candidates = _spare!.Value.Part(0, rows * hidden);
                if (rows > 0) _tape.Backend.Copy(new BlockCopy(rows, 1, hidden, columns, 0, hidden, 0), drecurrent.Part(2 * hidden, drecurrent.Length - (2 * hidden)), candidates, accumulate: false);
                _tape.Backend.Sum(new AxisSplit(1, rows, hidden), candidates, dbias, 1, accumulate);
            }
        }

        /// <summary>previous[b, t] = h[b, t - 1], zero at the first step (t + 1 and the last step when time is reversed).</summary>
        private void ShiftStates(Slice previous)
        {
            int hidden = _shape.Hidden, clip = _shape.Time * hidden, moved = clip - hidden;
            if (moved <= 0 || _shape.Batch == 0) return;
            (int from, int to) = _shape.Reverse ? (hidden, 0) : (0, hidden);
            Slice states = _states.Data;
            _tape.Backend.Copy(
                new BlockCopy(_shape.Batch, 1, moved, clip, 0, clip, 0), states.Part(from, states.Length - from), previous.Part(to, previous.Length - to), accumulate: false);
        }
    }
}
