using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(EmotionXai.Bench.Products).Assembly).Run(args);
